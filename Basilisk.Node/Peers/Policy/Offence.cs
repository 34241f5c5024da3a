namespace Basilisk.Node.Peers.Policy;

/// <summary>What no honest node does, or does only by bad luck; <see cref="OffenceWeights"/> says how much each counts.</summary>
public enum Offence
{
    /// <summary>Bytes that are no frame or no message, or a message out of its turn.</summary>
    Malformed,

    /// <summary>A header without its work, or one that breaks a header rule that does not depend on a clock.</summary>
    InvalidHeader,

    /// <summary>A body that does not match its header, or breaks a rule.</summary>
    InvalidBlock,

    /// <summary>A transaction that is wrong by itself: no state explains it.</summary>
    InvalidTransaction,

    /// <summary>A chunk that its proof does not lead to the root.</summary>
    InvalidChunk,

    /// <summary>An answer nobody asked for, or of another kind than was asked.</summary>
    UnaskedAnswer,

    /// <summary>More messages or bytes than any honest node sends in the time.</summary>
    Flood,

    /// <summary>An announced thing that was not delivered in time.</summary>
    Stalled,

    /// <summary>Headers that lead nowhere: no common ancestor, again and again.</summary>
    UnconnectedHeaders,

    /// <summary>A time so far ahead that our clock or theirs is wrong: counts little.</summary>
    TimeTooFarAhead,
}
