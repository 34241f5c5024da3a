namespace Basilisk.Store.Documents;

/// <summary>
/// Bounds on names and keys, equal for every store. An index entry holds collection, index, key and id, and PostgreSQL takes at
/// most 2,704 bytes for one.
/// </summary>
public static class DocumentLimits
{
    public const int MaxNameBytes = 100;
    public const int MaxKeyBytes = 500;
    public const int MaxPage = 1000;

    internal static void CheckWrite(string collection, string id, string json, IReadOnlyList<IndexKey>? indices)
    {
        CheckDocument(collection, id);
        JsonText.Check(json);
        foreach (var entry in indices ?? [])
        {
            CheckName(entry.Name, "index");
            StoredText.Check(entry.Key, MaxKeyBytes, "key");
        }
    }

    internal static void CheckDocument(string collection, string id)
    {
        CheckName(collection, "collection");
        ArgumentException.ThrowIfNullOrEmpty(id);
        StoredText.Check(id, MaxKeyBytes, "id");
    }

    internal static void CheckQuery(DocumentQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckName(query.Collection, "collection");
        if (query.Index is { } index)
        {
            CheckName(index, "index");
        }
        if (query.Limit is < 1 or > MaxPage)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, $"A page takes 1 to {MaxPage} documents.");
        }
        foreach (var key in new[] { query.KeyEquals, query.KeyPrefix, query.FromKey, query.After?.Key, query.After?.Id })
        {
            if (key is not null)
            {
                StoredText.Check(key, MaxKeyBytes, "key");
            }
        }
    }

    internal static void CheckName(string name, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, what);
        StoredText.Check(name, MaxNameBytes, what);
    }
}
