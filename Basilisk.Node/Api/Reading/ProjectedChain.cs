using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Api.Reading;

/// <summary>
/// The projections' documents, read after they have caught up with the chain as it is now: a block that a client was told of is
/// there, and so are its receipts.
/// </summary>
public sealed class ProjectedChain(ExplorerQueries explorer, ChainLog chainLog, ProjectionRunner projections)
{
    /// <summary>A projection that takes longer is behind for a reason of its own; what is there is answered.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="id">A height, a hash, or "latest".</param>
    public async Task<BlockDocument?> BlockAsync(string id, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await explorer.FindBlockAsync(id, cancellation);
    }

    /// <summary>The transaction, if it is in a block of the best chain.</summary>
    public async Task<TransactionDocument?> TransactionAsync(string hash, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await explorer.FindTransactionAsync(hash, cancellation) is { Orphaned: false } found ? found : null;
    }

    /// <summary>A block's transactions in their order.</summary>
    public async Task<IReadOnlyList<TransactionDocument>> TransactionsOfAsync(BlockDocument block, CancellationToken cancellation)
    {
        var found = new List<TransactionDocument>(block.Transactions.Count);
        foreach (string hash in block.Transactions)
        {
            if (await explorer.FindTransactionAsync(hash, cancellation) is { } transaction)
            {
                found.Add(transaction);
            }
        }

        return found;
    }

    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await projections.WaitForAsync(chainLog.LastSequence, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return; // Behind: answered with what is there.
        }
    }
}
