namespace Basilisk.Store.Projections;

/// <summary>Progress of projections, and the transaction in which documents and progress move together.</summary>
public interface IProjectionStore
{
    /// <summary>Every projection that ever ran here, by name.</summary>
    Task<IReadOnlyList<ProjectionPosition>> PositionsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens the projection's transaction. Two with the same name wait for one another, whatever process they are in.
    /// </summary>
    Task<IProjectionTransaction> BeginAsync(string name, CancellationToken cancellationToken = default);
}
