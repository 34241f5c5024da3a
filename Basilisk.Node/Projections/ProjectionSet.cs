using Basilisk.Store.Projections;

namespace Basilisk.Node.Projections;

/// <summary>All projections of a node.</summary>
public static class ProjectionSet
{
    public static IReadOnlyList<IProjection> All() =>
    [
        new BlocksProjection(),
        new TransactionsProjection(),
        new AccountsProjection(),
        new RoundsProjection(),
        new ContributionsProjection(),
        new QualityProjection(),
    ];
}
