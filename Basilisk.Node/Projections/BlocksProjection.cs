using Basilisk.Contracts.Chain;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Projections;

/// <summary>Blocks by hash, height and miner, with the state of their rewards.</summary>
public sealed class BlocksProjection : ChainProjection
{
    public override string Name => "blocks";

    public override int Version => 1;

    private protected override Task GenesisAsync(NetworkCreated created, DocumentWriter writer, CancellationToken cancellation) =>
        writer.PutAsync(BlockDocument.Collection, new BlockDocument(created.Genesis, [], 0, RewardState.Expired, null, Orphaned: false), cancellation);

    // Its transactions are not known; it is here because it is the tip until the next block.
    private protected override Task SnapshotAsync(SnapshotInstalled installed, DocumentWriter writer, CancellationToken cancellation) =>
        writer.PutAsync(BlockDocument.Collection, new BlockDocument(installed.Fact, [], 0, RewardState.Pending, null, Orphaned: false), cancellation);

    private protected override async Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation)
    {
        var document = new BlockDocument(
            connected.Fact,
            [.. connected.Transactions.Select(transaction => transaction.Hash)],
            connected.Payloads.Count,
            RewardState.Pending,
            null,
            Orphaned: false);
        await writer.PutAsync(BlockDocument.Collection, document, cancellation);
        await SettleAsync(connected.Released, RewardState.Released, connected.Fact.Round, writer, cancellation);
        await SettleAsync(connected.Expired, RewardState.Expired, connected.Fact.Round, writer, cancellation);
    }

    private protected override async Task AfterDisconnectAsync(BlockDisconnected disconnected, DocumentWriter writer, CancellationToken cancellation)
    {
        string[] transactions = [.. disconnected.TransactionFacts.Select(transaction => transaction.Hash)];
        await writer.PutAsync(BlockDocument.Collection, new BlockDocument(disconnected.Fact, transactions, 0, RewardState.Expired, null, Orphaned: true), cancellation);
    }

    private async Task SettleAsync(IReadOnlyList<RewardFact> rewards, RewardState state, int round, DocumentWriter writer, CancellationToken cancellation)
    {
        foreach (RewardFact reward in rewards)
        {
            BlockDocument? block = await writer.GetAsync<BlockDocument>(BlockDocument.Collection, reward.Block, cancellation);
            if (block is null)
            {
                if (await StartAsync(writer, cancellation) is { } start && reward.Height < start.Height)
                {
                    continue; // A block from before the snapshot.
                }

                throw new InvalidOperationException($"Reward of block {reward.Block} was {state}, but the block is unknown.");
            }

            await writer.PutAsync(BlockDocument.Collection, block with { Reward = state, SettledAtRound = round }, cancellation);
        }
    }
}
