using Basilisk.Node.Chainstate;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>A transaction that was in a block.</summary>
/// <param name="Fact">What it did.</param>
/// <param name="Height">Height of the block.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="Index">Place in the block.</param>
/// <param name="Time">The block's time, Unix seconds.</param>
/// <param name="Orphaned">Whether that block is off the best chain and no other has the transaction.</param>
public sealed record TransactionDocument(TransactionFact Fact, long Height, string BlockHash, int Index, long Time, bool Orphaned) : IIndexedDocument
{
    public const string Collection = "transactions";
    public const string ByHeight = "height";
    public const string ByAddress = "address";

    public string DocumentId => Fact.Hash;

    public IReadOnlyList<IndexKey> Keys()
    {
        if (Orphaned)
        {
            return [];
        }

        string place = SortKey.Place(Height, Index);
        var keys = new List<IndexKey> { new(ByHeight, place), new(ByAddress, $"{Fact.From}/{place}") };
        if (Fact.To != Fact.From)
        {
            keys.Add(new IndexKey(ByAddress, $"{Fact.To}/{place}"));
        }

        return keys;
    }
}
