using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Rounds;

/// <summary>
/// The seed of a round's judged batches: s ← Keccak-256(s ‖ block hash) over every block of its reveal phase, from
/// zero. The last of them is mined after every payload was fixed by its commitment.
/// </summary>
public static class EvaluationSeed
{
    /// <summary>The seed with one more reveal block.</summary>
    public static Hash256 Fold(Hash256 seed, Hash256 blockHash)
    {
        Span<byte> bytes = stackalloc byte[2 * Hash256.Size];
        seed.CopyTo(bytes);
        blockHash.CopyTo(bytes[Hash256.Size..]);
        return Keccak256.Hash(bytes);
    }

    /// <summary>The seed over all reveal blocks up to a state's tip, of the tip's round; what is left of the last where it has none yet.</summary>
    public static Hash256 Through(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        RoundSchedule rounds = state.Parameters.Rounds;
        Hash256 before = state.Chain.EvaluationSeed;
        if (rounds.PhaseOf(state.Height) != RoundPhase.Reveal)
        {
            return before;
        }

        bool first = state.Height == rounds.FirstRevealHeightOf(rounds.RoundOf(state.Height));
        return Fold(first ? Hash256.Zero : before, state.Head.Hash);
    }

    /// <summary>The seed of the running round, once its reveal phase is over; null before.</summary>
    public static Hash256? Known(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Parameters.Rounds.PhaseOf(state.Height + 1) == RoundPhase.Judge ? Through(state) : null;
    }
}
