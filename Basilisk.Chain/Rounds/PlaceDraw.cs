using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Rounds;

/// <summary>
/// Who may reveal where more units were committed than a round judges. Each commitment draws the ticket Keccak-256(hash of the last train
/// block ‖ unit), and the lowest tickets get the places. First come would give a round to whoever saved the most units; a ticket cannot be
/// foreseen while commitments are still taken.
/// </summary>
public static class PlaceDraw
{
    /// <summary>A unit's ticket, compared as a number.</summary>
    public static Hash256 Ticket(Hash256 lastTrainBlock, Hash256 unit)
    {
        Span<byte> bytes = stackalloc byte[2 * Hash256.Size];
        lastTrainBlock.CopyTo(bytes);
        unit.CopyTo(bytes[Hash256.Size..]);
        return Keccak256.Hash(bytes);
    }

    /// <summary>Forfeits what draws no place, before the first block of a reveal phase.</summary>
    /// <param name="state">The block's state so far.</param>
    /// <param name="parent">The state of the round's last train block; any other draws nothing.</param>
    /// <returns>The units without a place, by rising ticket.</returns>
    internal static ImmutableArray<WorkUnit> Apply(StateEditor state, ChainState parent)
    {
        Parameters.RoundSchedule rounds = parent.Parameters.Rounds;
        int places = (int)parent.Parameters.Caps.ContributionsPerRound;
        bool first = parent.Height + 1 == rounds.FirstRevealHeightOf(rounds.RoundOf(parent.Height + 1));
        if (!first || parent.Chain.Commits <= (ulong)places)
        {
            return [];
        }

        ImmutableArray<WorkUnit> without = parent.Commits()
            .OrderBy(unit => Ticket(parent.Head.Hash, unit.Id))
            .Skip(places)
            .Select(unit => unit with { Status = UnitStatus.Forfeited })
            .ToImmutableArray();
        foreach (WorkUnit unit in without)
        {
            state.Put(unit);
        }

        return without;
    }
}
