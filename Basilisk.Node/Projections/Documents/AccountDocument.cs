using Basilisk.Node.Chainstate;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>An account at the tip, with the counters that the chain's state does not keep.</summary>
/// <param name="Fact">What the state says.</param>
/// <param name="BlocksMined">Blocks of the best chain.</param>
/// <param name="Transactions">Sent and received.</param>
/// <param name="Contributions">Contributions accepted.</param>
/// <param name="LastRound">Last round it was credited in.</param>
public sealed record AccountDocument(AccountFact Fact, long BlocksMined, long Transactions, long Contributions, int? LastRound) : IIndexedDocument
{
    public const string Collection = "accounts";

    /// <summary>The leaderboard: accounts with credit or mined blocks, by credit.</summary>
    public const string ByCredit = "credit";

    public string DocumentId => Fact.Address;

    public IReadOnlyList<IndexKey> Keys() =>
        BlocksMined > 0 || Fact.Credit > 0 ? [new(ByCredit, SortKey.Nats(Fact.Credit))] : [];

    public static AccountDocument New(string address) => new(new AccountFact(address, "0", 0, 0, 0, 0, 0, 0), 0, 0, 0, null);
}
