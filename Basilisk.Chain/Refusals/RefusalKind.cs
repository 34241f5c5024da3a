namespace Basilisk.Chain.Refusals;

/// <summary>The context a refusing rule needed, cheapest first.</summary>
public enum RefusalKind
{
    /// <summary>The bytes are not one canonical encoding of anything.</summary>
    Malformed,

    /// <summary>Well-formed, but wrong by itself: no chain is needed to say so.</summary>
    Isolation,

    /// <summary>Wrong against the headers before it.</summary>
    Header,

    /// <summary>Wrong against the state it would change.</summary>
    State,
}
