using Basilisk.Store.Projections;

namespace Basilisk.Node.Projections;

/// <summary>All projections of a node.</summary>
public static class ProjectionSet
{
    /// <param name="blocksKept">Blocks whose effects can be undone without deriving everything anew.</param>
    public static IReadOnlyList<IProjection> All(int blocksKept = ChainProjection.DefaultBlocksKept) =>
    [
        new BlocksProjection { BlocksKept = blocksKept },
        new TransactionsProjection { BlocksKept = blocksKept },
        new AccountsProjection { BlocksKept = blocksKept },
        new RoundsProjection { BlocksKept = blocksKept },
        new ContributionsProjection { BlocksKept = blocksKept },
        new QualityProjection { BlocksKept = blocksKept },
    ];
}
