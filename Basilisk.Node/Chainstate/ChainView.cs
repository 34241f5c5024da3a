using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Everything that follows from a chain up to one block. Immutable: readers keep the one they took while the writer goes on, and
/// a reorganisation is a matter of taking another.
/// </summary>
/// <param name="State">Accounts, units and the tip.</param>
/// <param name="Trail">The last ended rounds.</param>
/// <param name="Totals">Sums over all rounds.</param>
public sealed record ChainView(ChainState State, RoundTrail Trail, ChainTotals Totals)
{
    /// <summary>A chain of its first block alone.</summary>
    public static ChainView Genesis(NetworkParameters parameters) => new(ChainState.Genesis(parameters), RoundTrail.Start, ChainTotals.Zero);

    public Hash256 Hash => State.Head.Hash;

    public long Height => (long)State.Height;

    /// <summary>Round of the next height.</summary>
    public ulong Round => State.NextRound;

    /// <summary>Keccak-256 of every payload that judging the running round asks for, as far as it is revealed: its own, and those that are looked back at.</summary>
    public IEnumerable<Hash256> JudgedPayloads => State.Reveals().Select(unit => unit.PayloadHash).Concat(Trail.PastPayloads);

    /// <summary>Heights until the next block's round ends, that block included.</summary>
    public ulong HeightsLeft => State.Parameters.Rounds.LastHeightOf(Round) - State.Height;

    /// <summary>Phase of the next height.</summary>
    public RoundPhase Phase => State.Parameters.Rounds.PhaseOf(State.Height + 1);
}

/// <summary>How the tip moved.</summary>
/// <param name="View">The chain now.</param>
/// <param name="Connected">Hashes of blocks put on, oldest first.</param>
/// <param name="Disconnected">Hashes of blocks taken off, newest first.</param>
/// <param name="Sequence">Sequence of the last event that says so.</param>
public sealed record ChainChange(ChainView View, IReadOnlyList<string> Connected, IReadOnlyList<string> Disconnected, long Sequence)
{
    /// <summary>The blocks taken off, newest first: their transactions wait again.</summary>
    public IReadOnlyList<Chain.Blocks.Block> DisconnectedBlocks { get; init; } = [];
}
