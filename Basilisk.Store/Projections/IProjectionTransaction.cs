using Basilisk.Store.Documents;

namespace Basilisk.Store.Projections;

/// <summary>
/// One step of one projection: reads see its own writes. Disposing without <see cref="CommitAsync"/> takes everything back.
/// </summary>
public interface IProjectionTransaction : IDocumentReader, IAsyncDisposable
{
    /// <summary>Where the projection stood when this transaction began; null if it never ran.</summary>
    ProjectionPosition? Position { get; }

    /// <exception cref="CollectionOwnedException">Now, at the next query or at the commit: the collection is another's.</exception>
    void Upsert(string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null);

    /// <inheritdoc cref="Upsert"/>
    void Delete(string collection, string id);

    /// <summary>Drops every collection of this projection.</summary>
    Task ClearAsync(CancellationToken cancellationToken = default);

    /// <summary>Commits the documents together with the new position.</summary>
    Task CommitAsync(int version, long sequence, CancellationToken cancellationToken = default);
}
