namespace Basilisk.Store.Documents;

/// <summary>Which documents, in which order. Everything but the collection is optional and can be combined.</summary>
public sealed record DocumentQuery(string Collection)
{
    /// <summary>The secondary index to walk; null walks the ids.</summary>
    public string? Index { get; init; }

    /// <summary>Only keys equal to this.</summary>
    public string? KeyEquals { get; init; }

    /// <summary>Only keys that begin with this.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>Start at this key, inclusive: keys ≥ it ascending, ≤ it descending.</summary>
    public string? FromKey { get; init; }

    /// <summary>Go on behind this place: <see cref="DocumentPage.Next"/> of the page before.</summary>
    public DocumentCursor? After { get; init; }

    /// <summary>From the largest key to the smallest.</summary>
    public bool Descending { get; init; }

    /// <summary>Documents per page, 1 to 1,000.</summary>
    public int Limit { get; init; } = 50;
}
