using System.Collections.Immutable;
using Basilisk.Store.Documents;
using Basilisk.Store.Projections;

namespace Basilisk.Store.Memory;

internal sealed class MemoryProjectionTransaction : IProjectionTransaction
{
    private readonly string _name;
    private readonly MemoryDocuments _documents;
    private readonly SemaphoreSlim _turn;
    private readonly Dictionary<string, MemoryCollection?> _touched = new(StringComparer.Ordinal);
    private long _bytes;
    private bool _ended;

    public MemoryProjectionTransaction(string name, MemoryDocuments documents, SemaphoreSlim turn)
    {
        _name = name;
        _documents = documents;
        _turn = turn;
        Position = documents.Positions.GetValueOrDefault(name);
    }

    public ProjectionPosition? Position { get; }

    public void Upsert(string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null)
    {
        DocumentLimits.CheckWrite(collection, id, json, indices);
        var current = Own(collection);
        _bytes += MemoryCollection.Size(json) - OldSize(current, id);
        _touched[collection] = current.Upsert(id, json, indices ?? []);
    }

    public void Delete(string collection, string id)
    {
        DocumentLimits.CheckDocument(collection, id);
        var current = Own(collection);
        _bytes -= OldSize(current, id);
        _touched[collection] = current.Delete(id);
    }

    public Task<string?> GetAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckDocument(collection, id);
        return Task.FromResult(Current(collection)?.Documents.GetValueOrDefault(id)?.Json);
    }

    public Task<DocumentPage> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        return Task.FromResult(Current(query.Collection)?.Query(query) ?? new DocumentPage([], null));
    }

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        return Task.FromResult(Current(query.Collection)?.Count(query) ?? 0);
    }

    public Task ClearAsync(CancellationToken cancellationToken = default)
    {
        var own = _documents.Collections.Where(c => c.Value.Owner == _name).Select(c => c.Key);
        foreach (var name in own.Union(_touched.Keys).ToArray())
        {
            _bytes -= Current(name)?.Documents.Values.Sum(d => MemoryCollection.Size(d.Json)) ?? 0;
            _touched[name] = null;
        }
        return Task.CompletedTask;
    }

    public Task CommitAsync(int version, long sequence, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        _documents.Commit(new ProjectionPosition(_name, version, sequence), _touched, _bytes);
        End();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            _turn.Release();
        }
    }

    private MemoryCollection? Current(string collection) =>
        _touched.TryGetValue(collection, out var own) ? own : _documents.Collections.GetValueOrDefault(collection);

    private MemoryCollection Own(string collection)
    {
        DocumentLimits.CheckName(collection, "collection");
        var current = Current(collection) ?? MemoryCollection.Empty(_name);
        return current.Owner == _name ? current : throw new CollectionOwnedException(collection, current.Owner, _name);
    }

    private static long OldSize(MemoryCollection collection, string id) =>
        collection.Documents.TryGetValue(id, out var old) ? MemoryCollection.Size(old.Json) : 0;
}
