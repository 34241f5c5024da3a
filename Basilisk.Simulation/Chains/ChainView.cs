using System.Collections.Immutable;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;

namespace Basilisk.Simulation.Chains;

/// <summary>A round that ended, as far as judging later ones looks back: C_r, and the hashes of the payloads revealed in it.</summary>
public sealed record EndedRound(Hash256 ModelRoot, ImmutableArray<Hash256> Payloads);

/// <summary>A chain up to one block: its state, and the rounds that ended, newest first.</summary>
public sealed record ChainView(ChainState State, ImmutableArray<EndedRound> Ended)
{
    /// <summary>The view one block on.</summary>
    public ChainView After(ConnectedBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (block.RoundEnd is null)
        {
            return this with { State = block.State };
        }

        var round = new EndedRound(State.ModelRoot, [.. State.Reveals().Select(unit => unit.PayloadHash)]);
        return new ChainView(block.State, [round, .. Ended.Take(SettlementParameters.MaxPast - 1)]);
    }
}
