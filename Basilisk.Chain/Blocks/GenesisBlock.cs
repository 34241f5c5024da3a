using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Blocks;

/// <summary>
/// The first block, a function of the parameters: their hash is its extra data, no one has a coin, and it needs no
/// work and draws no unit.
/// </summary>
public static class GenesisBlock
{
    public static ChainState CreateState(NetworkParameters parameters)
    {
        StateTree entries = CreateEntries(parameters);
        return new ChainState(parameters, ChainHead.Genesis(CreateHeader(parameters, entries)), entries);
    }

    private static StateTree CreateEntries(NetworkParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var editor = new StateEditor(StateTree.Empty);
        editor.Put(new ChainRecord(parameters.Fees.BaseFeeFloor, Hash256.Zero, 0, 0, UInt256.Zero, UInt256.Zero, 0, 0, 0));
        return editor.Finish().Tree;
    }

    private static BlockHeader CreateHeader(NetworkParameters parameters, StateTree entries) => new(
        parameters.Forks.At(0).HeaderVersion,
        Hash256.Zero,
        0,
        parameters.GenesisTime,
        parameters.Difficulty.InitialTarget,
        Address.Zero,
        Hash256.Zero,
        entries.Root,
        parameters.Model.GenesisModelRoot,
        Hash256.Zero,
        Hash256.Zero,
        new ExtraData(parameters.Hash.ToArray()),
        0);
}
