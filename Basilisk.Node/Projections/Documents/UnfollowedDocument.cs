using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>A branch that the chain left, longer than a projection keeps what undoes it.</summary>
/// <param name="First">Sequence of the event that connected its lowest block.</param>
/// <param name="Last">Sequence of the event that disconnected that block.</param>
public sealed record LeftBranch(long First, long Last);

/// <summary>Branches that a projection does not follow: between these events nothing but orphans is written.</summary>
/// <param name="Branches">By rising sequence; they do not overlap.</param>
public sealed record UnfollowedDocument(IReadOnlyList<LeftBranch> Branches) : IIndexedDocument
{
    public const string Id = "branches";

    public string DocumentId => Id;

    public IReadOnlyList<IndexKey> Keys() => [];

    /// <summary>Each projection has its own, because only its owner writes to a collection.</summary>
    public static string CollectionOf(string projection) => projection + "_unfollowed";
}
