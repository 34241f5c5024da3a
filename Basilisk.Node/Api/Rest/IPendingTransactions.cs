using Basilisk.Contracts.Chain;

namespace Basilisk.Node.Api.Rest;

/// <summary>Transactions that wait for a block.</summary>
public interface IPendingTransactions
{
    TransactionView? Find(string hash);
}
