using System.Collections.Immutable;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;

namespace Basilisk.Node.Chainstate;

/// <summary>What judging needs to remember of a round that ended.</summary>
/// <param name="Round">The round.</param>
/// <param name="ModelRoot">C_r, the checkpoint that was in force.</param>
/// <param name="Payloads">
/// Keccak-256 of every payload revealed in it; none where judging looks back at none: older rounds that moved the model.
/// </param>
public sealed record EndedRound(ulong Round, Hash256 ModelRoot, ImmutableArray<Hash256> Payloads);

/// <summary>The last rounds of one chain, newest first: what "the public already knew" is measured against.</summary>
public sealed record RoundTrail(ImmutableArray<EndedRound> Ended)
{
    /// <summary>Checkpoints remembered: far more than any finality in use asks for.</summary>
    internal const int MostLineage = 64;

    public static RoundTrail Start { get; } = new([]);

    /// <summary>Roots of C_{r−1}, C_{r−2}, …, newest first, as many as judging looks back.</summary>
    public IEnumerable<Hash256> PastModels => Ended.Select(round => round.ModelRoot);

    /// <summary>Payloads that judging looks back at: those of round r − 1, and of the rounds before that left the model as it was.</summary>
    public IEnumerable<Hash256> PastPayloads => Ended.SelectMany(round => round.Payloads).Distinct();

    /// <summary>Payloads of the rounds, newest first, in which the checkpoint in force was in force too.</summary>
    public IEnumerable<Hash256> Standstill(Hash256 current) => Ended.TakeWhile(round => round.ModelRoot == current).SelectMany(round => round.Payloads);

    /// <summary>
    /// Distinct checkpoints that were in force, newest first: those that judging looks back at from any block that finality may lead
    /// back to, however many empty rounds lie between.
    /// </summary>
    public ImmutableArray<Hash256> Lineage { get; init; } = [];

    public RoundTrail Push(EndedRound round)
    {
        ArgumentNullException.ThrowIfNull(round);
        return new([round, .. Settle(round.ModelRoot).Take(SettlementParameters.MaxPast - 1)])
        {
            Lineage = Lineage.IsEmpty && !Ended.IsEmpty
                ? [.. PastModels.Prepend(round.ModelRoot).Distinct()] // A trail that was read again knows these alone.
                : !Lineage.IsEmpty && Lineage[0] == round.ModelRoot ? Lineage : [round.ModelRoot, .. Lineage.Take(MostLineage - 1)],
        };
    }

    /// <summary>The rounds up to here once another has ended: what moved the model says more than the payloads that it was made of.</summary>
    private IEnumerable<EndedRound> Settle(Hash256 next) =>
        Ended.Select((round, age) => age > 0 || round.ModelRoot == next ? round : round with { Payloads = [] });
}
