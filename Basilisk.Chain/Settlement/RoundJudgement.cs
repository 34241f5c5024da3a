using System.Collections.Immutable;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Settlement;

/// <summary>A payload that was revealed in the round to judge.</summary>
/// <param name="Unit">The work unit it was made for.</param>
/// <param name="Miner">The unit's owner.</param>
/// <param name="PayloadHash">Keccak-256 of the payload.</param>
/// <param name="Payload">Its bytes.</param>
public sealed record RevealedPayload(Hash256 Unit, Address Miner, Hash256 PayloadHash, ReadOnlyMemory<byte> Payload);

/// <summary>Where the bytes of revealed payloads are found; the node supplies them from its blocks.</summary>
public interface IPayloadSource
{
    /// <summary>A payload of the chain by its Keccak-256.</summary>
    /// <exception cref="KeyNotFoundException">The payload is not there: the node lost a block it had connected.</exception>
    ReadOnlyMemory<byte> GetPayload(Hash256 payloadHash);
}

/// <summary>The question a round asks its judge. Equal on every node.</summary>
/// <param name="Round">The round.</param>
/// <param name="ModelRoot">C_r.</param>
/// <param name="EvaluationSeed">Seed of the batches.</param>
/// <param name="Payloads">The round's payloads, by rising unit.</param>
public sealed record RoundJudgement(ulong Round, Hash256 ModelRoot, Hash256 EvaluationSeed, ImmutableArray<RevealedPayload> Payloads)
{
    /// <summary>
    /// The running round's question, from the moment its last reveal block is the tip until its last block is.
    /// Null before: the seed is not known yet.
    /// </summary>
    public static RoundJudgement? From(ChainState state, IPayloadSource payloads)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(payloads);
        if (Rounds.EvaluationSeed.Known(state) is not { } seed)
        {
            return null;
        }

        ImmutableArray<RevealedPayload> revealed = state.Reveals()
            .OrderBy(unit => unit.Id)
            .Select(unit => new RevealedPayload(unit.Id, unit.Miner, unit.PayloadHash, payloads.GetPayload(unit.PayloadHash)))
            .ToImmutableArray();
        return new RoundJudgement(state.NextRound, state.ModelRoot, seed, revealed);
    }
}
