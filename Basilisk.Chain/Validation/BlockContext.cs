using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Validation;

/// <summary>What a transaction's rules need to know of the block it goes into.</summary>
/// <param name="Parameters">The network.</param>
/// <param name="Height">Height of the block.</param>
/// <param name="BaseFee">Wei per gas.</param>
/// <param name="ModelRoot">Checkpoint in force during the block's round.</param>
public readonly record struct BlockContext(NetworkParameters Parameters, ulong Height, UInt256 BaseFee, Hash256 ModelRoot)
{
    /// <summary>The context of the block after a state's tip.</summary>
    public static BlockContext After(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new BlockContext(state.Parameters, state.Height + 1, state.Chain.BaseFee, state.ModelRoot);
    }

    public ulong Round => Parameters.Rounds.RoundOf(Height);

    public RoundPhase Phase => Parameters.Rounds.PhaseOf(Height);
}
