using System.Collections.Immutable;
using Basilisk.Store.Documents;

namespace Basilisk.Store.Memory;

internal sealed class MemoryDocumentStore(MemoryDocuments documents) : IDocumentStore
{
    public Task UpsertAsync(
        string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null,
        CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckWrite(collection, id, json, indices);
        cancellationToken.ThrowIfCancellationRequested();
        documents.Change(collection, c => (
            c.Upsert(id, json, indices ?? []),
            MemoryCollection.Size(json) - (c.Documents.TryGetValue(id, out var old) ? MemoryCollection.Size(old.Json) : 0),
            true));
        return Task.CompletedTask;
    }

    public Task<bool> DeleteAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckDocument(collection, id);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(documents.Change(collection, c => c.Documents.TryGetValue(id, out var old)
            ? (c.Delete(id), -MemoryCollection.Size(old.Json), true)
            : (c, 0L, false)));
    }

    public Task<string?> GetAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckDocument(collection, id);
        return Task.FromResult(documents.Collections.GetValueOrDefault(collection)?.Documents.GetValueOrDefault(id)?.Json);
    }

    public Task<DocumentPage> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        return Task.FromResult(documents.Collections.GetValueOrDefault(query.Collection)?.Query(query) ?? new DocumentPage([], null));
    }

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        return Task.FromResult(documents.Collections.GetValueOrDefault(query.Collection)?.Count(query) ?? 0);
    }
}
