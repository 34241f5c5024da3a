using Basilisk.Store.Documents;
using Basilisk.Store.Events;

namespace Basilisk.Store.Projections;

/// <summary>What a projection sees of its transaction, and which event it said it was applying.</summary>
internal sealed class ProjectionSession(IProjectionTransaction transaction, StoredEvent first) : IProjectionSession
{
    public StoredEvent Current { get; private set; } = first;

    public void At(StoredEvent current) => Current = current;

    public void Upsert(string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null) =>
        transaction.Upsert(collection, id, json, indices);

    public void Delete(string collection, string id) => transaction.Delete(collection, id);

    public Task<string?> GetAsync(string collection, string id, CancellationToken cancellationToken = default) =>
        transaction.GetAsync(collection, id, cancellationToken);

    public Task<DocumentPage> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default) =>
        transaction.QueryAsync(query, cancellationToken);

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default) =>
        transaction.CountAsync(query, cancellationToken);
}
