using System.Collections.Immutable;
using System.Text;
using Basilisk.Store.Documents;

namespace Basilisk.Store.Memory;

/// <summary>One collection as a persistent value: a transaction works on its own copy, readers keep theirs.</summary>
internal sealed record MemoryCollection(
    string Owner,
    ImmutableDictionary<string, MemoryDocument> Documents,
    ImmutableSortedSet<MemoryEntry> Entries)
{
    /// <summary>Name of the order by id in <see cref="Entries"/>; no index can be called so.</summary>
    private const string ById = "";

    public static MemoryCollection Empty(string owner) => new(
        owner,
        ImmutableDictionary.Create<string, MemoryDocument>(StringComparer.Ordinal),
        ImmutableSortedSet.Create<MemoryEntry>(MemoryEntryOrder.Instance));

    public MemoryCollection Upsert(string id, string json, IReadOnlyList<IndexKey> indices)
    {
        var entries = Without(id).ToBuilder();
        entries.Add(new MemoryEntry(ById, id, id));
        foreach (var index in indices)
        {
            entries.Add(new MemoryEntry(index.Name, index.Key, id));
        }
        return this with
        {
            Documents = Documents.SetItem(id, new MemoryDocument(json, [.. indices])),
            Entries = entries.ToImmutable(),
        };
    }

    public MemoryCollection Delete(string id) => this with { Documents = Documents.Remove(id), Entries = Without(id) };

    /// <summary>Bytes that this collection takes on the simulated disk.</summary>
    public static long Size(string json) => Encoding.UTF8.GetByteCount(json);

    public DocumentPage Query(DocumentQuery query)
    {
        var (first, end) = Range(query);
        if (query.After is { } after)
        {
            var entry = new MemoryEntry(query.Index ?? ById, after.Key, after.Id);
            (first, end) = query.Descending ? (first, Math.Min(end, Place(entry))) : (Math.Max(first, Place(entry, behind: true)), end);
        }
        var count = Math.Clamp(end - first, 0, query.Limit);
        var documents = new List<Document>(count);
        for (var i = 0; i < count; i++)
        {
            var entry = Entries[query.Descending ? end - 1 - i : first + i];
            documents.Add(new Document(entry.Id, entry.Key, Documents[entry.Id].Json));
        }
        var more = end - first > count;
        return new DocumentPage(documents, more ? new DocumentCursor(documents[^1].Key, documents[^1].Id) : null);
    }

    public long Count(DocumentQuery query)
    {
        var (first, end) = Range(query);
        return Math.Max(0, end - first);
    }

    private ImmutableSortedSet<MemoryEntry> Without(string id)
    {
        if (!Documents.TryGetValue(id, out var old))
        {
            return Entries;
        }
        var entries = Entries.ToBuilder();
        entries.Remove(new MemoryEntry(ById, id, id));
        foreach (var index in old.Indices)
        {
            entries.Remove(new MemoryEntry(index.Name, index.Key, id));
        }
        return entries.ToImmutable();
    }

    private (int First, int End) Range(DocumentQuery query)
    {
        var name = query.Index ?? ById;
        var first = Place(new MemoryEntry(name, "", ""));
        var end = Place(new MemoryEntry(name, StoredText.Last, ""));
        Narrow(query.KeyEquals, query.KeyEquals + "\0");
        Narrow(query.KeyPrefix, query.KeyPrefix + StoredText.Last);
        if (query.FromKey is { } from)
        {
            if (query.Descending)
            {
                Narrow("", from + "\0");
            }
            else
            {
                Narrow(from, StoredText.Last);
            }
        }
        return (first, end);

        void Narrow(string? low, string high)
        {
            if (low is not null)
            {
                first = Math.Max(first, Place(new MemoryEntry(name, low, "")));
                end = Math.Min(end, Place(new MemoryEntry(name, high, "")));
            }
        }
    }

    private int Place(MemoryEntry entry, bool behind = false)
    {
        var place = Entries.IndexOf(entry);
        return place >= 0 ? place + (behind ? 1 : 0) : ~place;
    }
}

internal sealed record MemoryDocument(string Json, ImmutableArray<IndexKey> Indices);

internal readonly record struct MemoryEntry(string Index, string Key, string Id);

internal sealed class MemoryEntryOrder : IComparer<MemoryEntry>
{
    public static MemoryEntryOrder Instance { get; } = new();

    public int Compare(MemoryEntry x, MemoryEntry y)
    {
        var order = KeyOrder.Instance.Compare(x.Index, y.Index);
        order = order != 0 ? order : KeyOrder.Instance.Compare(x.Key, y.Key);
        return order != 0 ? order : KeyOrder.Instance.Compare(x.Id, y.Id);
    }
}
