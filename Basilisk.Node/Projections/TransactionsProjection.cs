using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Projections;

/// <summary>Transactions by hash, place and address.</summary>
public sealed class TransactionsProjection : ChainProjection
{
    public override string Name => "transactions";

    public override int Version => 1;

    private protected override async Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation)
    {
        for (int i = 0; i < connected.Transactions.Count; i++)
        {
            var document = new TransactionDocument(connected.Transactions[i], connected.Fact.Height, connected.Fact.Hash, i, connected.Fact.Time, Orphaned: false);
            await writer.PutAsync(TransactionDocument.Collection, document, cancellation);
        }
    }

    private protected override async Task AfterDisconnectAsync(BlockDisconnected disconnected, DocumentWriter writer, CancellationToken cancellation)
    {
        for (int i = 0; i < disconnected.TransactionFacts.Count; i++)
        {
            var document = new TransactionDocument(disconnected.TransactionFacts[i], disconnected.Height, disconnected.Hash, i, disconnected.Fact.Time, Orphaned: true);
            await writer.PutAsync(TransactionDocument.Collection, document, cancellation);
        }
    }
}
