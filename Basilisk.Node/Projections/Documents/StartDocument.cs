using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>Where this node's part of the chain begins, if it began from a snapshot: what lies below is not held.</summary>
/// <param name="Height">Height of the snapshot's block.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Round">Round that it ended.</param>
/// <param name="Time">Its time, Unix seconds.</param>
public sealed record StartDocument(long Height, string Hash, int Round, long Time) : IIndexedDocument
{
    public const string Id = "start";

    public string DocumentId => Id;

    public IReadOnlyList<IndexKey> Keys() => [];

    /// <summary>Each projection has its own, because only its owner writes to a collection.</summary>
    public static string CollectionOf(string projection) => projection + "_start";
}
