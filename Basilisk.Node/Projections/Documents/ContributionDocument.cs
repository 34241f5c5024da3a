using Basilisk.Contracts.Rounds;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>A work unit and what became of it.</summary>
/// <param name="View">What the API answers.</param>
/// <param name="ExpiryRound">Last round in which the unit can be used.</param>
public sealed record ContributionDocument(ContributionView View, int ExpiryRound) : IIndexedDocument
{
    public const string Collection = "contributions";
    /// <summary>Units that were used, by round and height; without a prefix: all of them.</summary>
    public const string ByRound = "round";

    public const string ByMiner = "miner";

    public string DocumentId => View.Unit;

    public IReadOnlyList<IndexKey> Keys()
    {
        string height = SortKey.Number(View.UnitHeight);
        var keys = new List<IndexKey> { new(ByMiner, $"{View.Miner}/{height}") };
        if (View.State != ContributionState.Open)
        {
            keys.Add(new IndexKey(ByRound, $"{SortKey.Number(View.Round)}/{height}"));
        }

        return keys;
    }
}
