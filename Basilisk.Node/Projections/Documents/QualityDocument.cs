using Basilisk.Contracts.Model;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>The model's quality after one round.</summary>
public sealed record QualityDocument(QualityPoint Point) : IIndexedDocument
{
    public const string Collection = "quality";

    // Genesis is round −1; keys count from 0.
    public string DocumentId => SortKey.Number(Point.Round + 1);

    public IReadOnlyList<IndexKey> Keys() => [];
}

/// <summary>Primer scores of one checkpoint.</summary>
public sealed record PrimerDocument(PrimerPoint Point) : IIndexedDocument
{
    public const string Collection = "primer";

    public string DocumentId => SortKey.Number(Point.Round + 1);

    public IReadOnlyList<IndexKey> Keys() => [];
}
