using Basilisk.Contracts.Chain;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Mempool;

/// <summary>Waiting transactions as the API shows them.</summary>
public sealed class PendingTransactions(TransactionPool pool) : IPendingTransactions
{
    public TransactionView? Find(string hash) =>
        Hash256.TryParse(hash, out Hash256 parsed) && pool.TryFind(parsed, out PooledTransaction? pooled) ? View(pooled) : null;

    private static TransactionView View(PooledTransaction pooled)
    {
        TransactionFact fact = ChainFacts.Pending(pooled.Transaction);
        var summary = new TransactionSummary(
            fact.Hash, Enum.Parse<TransactionKind>(fact.Kind, ignoreCase: true), TransactionState.Pending, fact.From, fact.To, fact.Value, fact.Fee,
            fact.Nonce, null, null, null, pooled.FirstSeen);
        return new TransactionView(
            summary, fact.Type, fact.GasLimit, null, fact.MaxFee, fact.MaxPriorityFee, null, fact.Input, fact.Raw, 0, fact.Unit, fact.PayloadHash,
            MemoText.Of(fact.Kind, fact.Input));
    }
}
