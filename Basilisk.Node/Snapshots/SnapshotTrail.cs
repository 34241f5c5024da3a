using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>What judging remembers of the rounds before a snapshot, as far as headers and state tell it.</summary>
public static class SnapshotTrail
{
    /// <summary>Headers that the trail is read from.</summary>
    public static int Headers(RoundSchedule rounds)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        return SettlementParameters.MaxPast * (int)rounds.Length;
    }

    /// <summary>The trail after the last of some headers, which ends a round.</summary>
    /// <param name="rounds">The network's rounds.</param>
    /// <param name="headers">Lowest first; <see cref="Headers"/> of them, or all there are.</param>
    /// <param name="payloads">Payloads revealed in the round that ends, in chain order.</param>
    public static RoundTrail Of(RoundSchedule rounds, IReadOnlyList<BlockHeader> headers, ImmutableArray<Hash256> payloads)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentNullException.ThrowIfNull(headers);
        ImmutableArray<EndedRound>.Builder ended = ImmutableArray.CreateBuilder<EndedRound>();
        for (int last = headers.Count - 1; last > 0 && ended.Count < SettlementParameters.MaxPast; last -= (int)rounds.Length)
        {
            // C_r stands in every header of the round but the last. Of payloads, judging looks back at those of one round.
            ended.Add(new EndedRound(rounds.RoundOf(headers[last].Height), headers[last - 1].ModelRoot, ended.Count == 0 ? payloads : []));
        }

        return Cut(new RoundTrail(ended.ToImmutable()));
    }

    /// <summary>The trail with no older checkpoints than judging looks back at: they are all that a view at rest brings with it.</summary>
    public static RoundTrail Cut(RoundTrail trail)
    {
        ArgumentNullException.ThrowIfNull(trail);
        return trail with { Lineage = [.. trail.PastModels.Distinct()] };
    }

    /// <summary>Null where a view's trail is the one that its headers and its state tell.</summary>
    public static Refusal? Check(ChainView view, HeaderNode block)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(block);
        RoundSchedule rounds = view.State.Parameters.Rounds;
        RoundTrail told = Of(rounds, Below(block, Headers(rounds)), view.Trail.PreviousPayloads);
        if (!told.Ended.Select(round => (round.Round, round.ModelRoot)).SequenceEqual(view.Trail.Ended.Select(round => (round.Round, round.ModelRoot))))
        {
            return new Refusal(RefusalKind.Header, SnapshotTokens.TrailMismatch, "The checkpoints that judging looks back at are not those of the headers.");
        }

        ulong round = rounds.RoundOf(block.Height);
        WorkUnit? forgotten = StateSummary.Of(view.State.Entries).Units.FirstOrDefault(
            unit => unit.Status == UnitStatus.Revealed && unit.Round == round && !view.Trail.PreviousPayloads.Contains(unit.PayloadHash));
        return forgotten is null
            ? null
            : new Refusal(RefusalKind.State, SnapshotTokens.TrailMismatch, $"Payload {forgotten.PayloadHash} of unit {forgotten.Id} was revealed in round {round}, but is not among those to look back at.");
    }

    private static List<BlockHeader> Below(HeaderNode block, int most)
    {
        var headers = new List<BlockHeader>();
        for (HeaderNode? node = block; node is not null && headers.Count < most; node = node.Parent)
        {
            headers.Add(node.Header);
        }

        headers.Reverse();
        return headers;
    }
}
