using Basilisk.Node.Chainstate;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>A round: open while <see cref="Result"/> is null.</summary>
/// <param name="Number">First round is 0.</param>
/// <param name="FirstHeight">First height seen of it (genesis counts to round 0).</param>
/// <param name="ModelRoot">Checkpoint in force during the round.</param>
/// <param name="Reveals">Contributions revealed so far.</param>
/// <param name="LastHeight">Height of its newest block.</param>
/// <param name="LastTime">Time of that block, Unix seconds.</param>
/// <param name="Released">Rewards minted at its settlement.</param>
/// <param name="Result">How it ended.</param>
public sealed record RoundDocument(
    int Number,
    long FirstHeight,
    string ModelRoot,
    int Reveals,
    long LastHeight,
    long LastTime,
    int Released,
    RoundFact? Result) : IIndexedDocument
{
    public const string Collection = "rounds";

    public string DocumentId => SortKey.Number(Number);

    public IReadOnlyList<IndexKey> Keys() => [];
}
