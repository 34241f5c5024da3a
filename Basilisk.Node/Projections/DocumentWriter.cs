using System.Text.Json;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Projections;

/// <summary>
/// Writes the documents of one block and remembers what they were before, so that a reorganisation puts every one of them back as
/// it was without a rule of its own per projection.
/// </summary>
internal sealed class DocumentWriter(IProjectionSession session, ProjectionCodec codec, string undoCollection)
{
    private readonly Dictionary<(string Collection, string Id), string?> _before = [];

    public async Task<T?> GetAsync<T>(string collection, string id, CancellationToken cancellation)
        where T : class, IIndexedDocument =>
        await session.GetAsync(collection, id, cancellation) is { } json ? JsonSerializer.Deserialize<T>(json, ChainEvents.Json) : null;

    public async Task PutAsync<T>(string collection, T document, CancellationToken cancellation)
        where T : class, IIndexedDocument
    {
        await RememberAsync(collection, document.DocumentId, cancellation);
        session.Upsert(collection, document.DocumentId, JsonSerializer.Serialize(document, ChainEvents.Json), document.Keys());
    }

    public async Task RemoveAsync(string collection, string id, CancellationToken cancellation)
    {
        await RememberAsync(collection, id, cancellation);
        session.Delete(collection, id);
    }

    /// <summary>Keeps what the block replaced, and drops what is too old to be undone.</summary>
    public void Seal(long height, int keep)
    {
        var entries = _before.Select(entry => new UndoEntry(entry.Key.Collection, entry.Key.Id, entry.Value)).ToList();
        session.Upsert(undoCollection, SortKey.Number(height), JsonSerializer.Serialize(entries, ChainEvents.Json));
        if (height > keep)
        {
            session.Delete(undoCollection, SortKey.Number(height - keep));
        }
    }

    /// <summary>Puts everything back that the block at this height replaced.</summary>
    /// <exception cref="ProjectionOutdatedException">It lies too deep: what it replaced is not kept.</exception>
    public async Task UndoAsync(long height, CancellationToken cancellation)
    {
        string json = await session.GetAsync(undoCollection, SortKey.Number(height), cancellation)
            ?? throw new ProjectionOutdatedException($"nothing is kept in {undoCollection} to undo block {height}");
        foreach (UndoEntry entry in JsonSerializer.Deserialize<List<UndoEntry>>(json, ChainEvents.Json)!)
        {
            if (entry.Json is null)
            {
                session.Delete(entry.Collection, entry.Id);
            }
            else
            {
                session.Upsert(entry.Collection, entry.Id, entry.Json, codec.KeysOf(entry.Collection, entry.Json));
            }
        }

        session.Delete(undoCollection, SortKey.Number(height));
    }

    private async Task RememberAsync(string collection, string id, CancellationToken cancellation)
    {
        if (!_before.ContainsKey((collection, id)))
        {
            _before[(collection, id)] = await session.GetAsync(collection, id, cancellation);
        }
    }

    private sealed record UndoEntry(string Collection, string Id, string? Json);
}
