namespace Basilisk.Node.Peers.Sync;

/// <summary>What a node that is behind is busy with.</summary>
public enum SyncPhase
{
    /// <summary>Nobody is connected yet who could say where the chain is.</summary>
    FindingPeers,

    /// <summary>Some peer names more work than the headers that are here.</summary>
    Headers,

    /// <summary>A snapshot of a settled round is fetched.</summary>
    Snapshot,

    /// <summary>Bodies are missing below the best header.</summary>
    Blocks,

    /// <summary>The next body is here and waits for its round to be judged.</summary>
    Judging,

    /// <summary>The node is where its peers are.</summary>
    Current,
}
