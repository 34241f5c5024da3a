using System.Collections.Immutable;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;

namespace Basilisk.Node.Chainstate;

/// <summary>What judging needs to remember of a round that ended.</summary>
/// <param name="Round">The round.</param>
/// <param name="ModelRoot">C_r, the checkpoint that was in force.</param>
/// <param name="Payloads">Keccak-256 of every payload revealed in it.</param>
public sealed record EndedRound(ulong Round, Hash256 ModelRoot, ImmutableArray<Hash256> Payloads);

/// <summary>The last rounds of one chain, newest first: what "the public already knew" is measured against.</summary>
public sealed record RoundTrail(ImmutableArray<EndedRound> Ended)
{
    /// <summary>Checkpoints remembered: far more than any finality in use asks for.</summary>
    internal const int MostLineage = 64;

    public static RoundTrail Start { get; } = new([]);

    /// <summary>Roots of C_{r−1}, C_{r−2}, …, newest first, as many as judging looks back.</summary>
    public IEnumerable<Hash256> PastModels => Ended.Select(round => round.ModelRoot);

    /// <summary>Payloads of round r − 1.</summary>
    public ImmutableArray<Hash256> PreviousPayloads => Ended.IsEmpty ? [] : Ended[0].Payloads;

    /// <summary>
    /// Distinct checkpoints that were in force, newest first: those that judging looks back at from any block that finality may lead
    /// back to, however many empty rounds lie between.
    /// </summary>
    public ImmutableArray<Hash256> Lineage { get; init; } = [];

    public RoundTrail Push(EndedRound round)
    {
        ArgumentNullException.ThrowIfNull(round);
        return new([round, .. Ended.Take(SettlementParameters.MaxPast - 1)])
        {
            Lineage = Lineage.IsEmpty && !Ended.IsEmpty
                ? [.. PastModels.Prepend(round.ModelRoot).Distinct()] // A trail that was read again knows these alone.
                : !Lineage.IsEmpty && Lineage[0] == round.ModelRoot ? Lineage : [round.ModelRoot, .. Lineage.Take(MostLineage - 1)],
        };
    }
}
