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
    public static RoundTrail Start { get; } = new([]);

    /// <summary>Roots of C_{r−1}, C_{r−2}, …, newest first, as many as judging looks back.</summary>
    public IEnumerable<Hash256> PastModels => Ended.Select(round => round.ModelRoot);

    /// <summary>Payloads of round r − 1.</summary>
    public ImmutableArray<Hash256> PreviousPayloads => Ended.IsEmpty ? [] : Ended[0].Payloads;

    public RoundTrail Push(EndedRound round) =>
        new([round, .. Ended.Take(SettlementParameters.MaxPast - 1)]);
}
