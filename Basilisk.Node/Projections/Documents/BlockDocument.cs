using Basilisk.Contracts.Chain;
using Basilisk.Node.Chainstate;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>A block of the best chain, or one that a reorganisation took off.</summary>
/// <param name="Fact">What the block says.</param>
/// <param name="Transactions">Hashes, in order.</param>
/// <param name="PayloadCount">Contributions revealed in it.</param>
/// <param name="Reward">State of its 25 BSK.</param>
/// <param name="SettledAtRound">Round that released or expired them.</param>
/// <param name="Orphaned">Whether it is off the best chain.</param>
public sealed record BlockDocument(
    BlockFact Fact,
    IReadOnlyList<string> Transactions,
    int PayloadCount,
    RewardState Reward,
    int? SettledAtRound,
    bool Orphaned) : IIndexedDocument
{
    public const string Collection = "blocks";
    public const string ByHeight = "height";
    public const string ByMiner = "miner";

    public string DocumentId => Fact.Hash;

    public IReadOnlyList<IndexKey> Keys() => Orphaned
        ? []
        : [new(ByHeight, SortKey.Number(Fact.Height)), new(ByMiner, $"{Fact.Miner}/{SortKey.Number(Fact.Height)}")];
}
