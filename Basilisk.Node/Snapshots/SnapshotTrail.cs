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
    /// <param name="payloads">Payloads by the round they were revealed in, in chain order; those of <see cref="Remembered"/> are looked at.</param>
    public static RoundTrail Of(RoundSchedule rounds, IReadOnlyList<BlockHeader> headers, ILookup<ulong, Hash256> payloads)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(payloads);
        ImmutableArray<EndedRound>.Builder ended = ImmutableArray.CreateBuilder<EndedRound>();
        foreach (int last in Ends(rounds, headers))
        {
            ulong round = rounds.RoundOf(headers[last].Height);
            ended.Add(new EndedRound(round, headers[last - 1].ModelRoot, IsRemembered(headers, last) ? [.. payloads[round]] : []));
        }

        return Cut(new RoundTrail(ended.ToImmutable()));
    }

    /// <summary>Headers of the rounds whose payloads judging looks back at: the last, and those before it that left the model as it was.</summary>
    /// <param name="rounds">The network's rounds.</param>
    /// <param name="headers">Lowest first; the last ends a round.</param>
    public static IReadOnlyList<BlockHeader> Remembered(RoundSchedule rounds, IReadOnlyList<BlockHeader> headers)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentNullException.ThrowIfNull(headers);
        HashSet<ulong> remembered = [.. Ends(rounds, headers).Where(last => IsRemembered(headers, last)).Select(last => rounds.RoundOf(headers[last].Height))];
        return [.. headers.Where(header => remembered.Contains(rounds.RoundOf(header.Height)))];
    }

    /// <summary>Places of the headers that end a round, newest first, as far as judging looks back.</summary>
    private static IEnumerable<int> Ends(RoundSchedule rounds, IReadOnlyList<BlockHeader> headers)
    {
        int ended = 0;
        for (int last = headers.Count - 1; last > 0 && ended < SettlementParameters.MaxPast; last -= (int)rounds.Length)
        {
            ended++;
            yield return last;
        }
    }

    /// <summary>C_r stands in every header of a round but the last, which has C_{r+1}.</summary>
    private static bool IsRemembered(IReadOnlyList<BlockHeader> headers, int last) =>
        last == headers.Count - 1 || headers[last].ModelRoot == headers[last - 1].ModelRoot;

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
        ILookup<ulong, Hash256> payloads = view.Trail.Ended
            .SelectMany(ended => ended.Payloads.Select(payload => (ended.Round, payload))).ToLookup(each => each.Round, each => each.payload);
        RoundTrail told = Of(rounds, Below(block, Headers(rounds)), payloads);
        if (!told.Ended.Select(round => (round.Round, round.ModelRoot)).SequenceEqual(view.Trail.Ended.Select(round => (round.Round, round.ModelRoot))))
        {
            return new Refusal(RefusalKind.Header, SnapshotTokens.TrailMismatch, "The checkpoints that judging looks back at are not those of the headers.");
        }

        ulong round = rounds.RoundOf(block.Height);
        WorkUnit? forgotten = StateSummary.Of(view.State.Entries).Units.FirstOrDefault(
            unit => unit.Status == UnitStatus.Revealed && unit.Round == round && !payloads[round].Contains(unit.PayloadHash));
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
