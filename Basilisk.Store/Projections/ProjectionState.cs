namespace Basilisk.Store.Projections;

public enum ProjectionState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>Applying what was appended before.</summary>
    CatchingUp,

    /// <summary>Its documents were dropped and are being derived again.</summary>
    Rebuilding,

    /// <summary>At the high-water mark, waiting for the next event.</summary>
    Live,

    /// <summary>The database does not answer; it tries again.</summary>
    Waiting,

    /// <summary>It threw and does not advance until the program is started again or it is rebuilt.</summary>
    Failed,
}
