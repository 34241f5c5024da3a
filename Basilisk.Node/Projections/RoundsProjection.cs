using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Projections;

/// <summary>Rounds by number.</summary>
public sealed class RoundsProjection : ChainProjection
{
    public override string Name => "rounds";

    public override int Version => 1;

    private protected override Task GenesisAsync(NetworkCreated created, DocumentWriter writer, CancellationToken cancellation) =>
        writer.PutAsync(RoundDocument.Collection, Opened(created.Genesis, created.Genesis.ModelRoot), cancellation);

    // The first round's document says that it runs, which is over.
    private protected override Task SnapshotAsync(SnapshotInstalled installed, DocumentWriter writer, CancellationToken cancellation) =>
        writer.RemoveAsync(RoundDocument.Collection, SortKey.Number(0), cancellation);

    private protected override async Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation)
    {
        BlockFact fact = connected.Fact;

        // The last block of a round carries the next checkpoint; the one in force during the round stands in its result.
        string modelRoot = connected.Round?.ModelRoot ?? fact.ModelRoot;
        RoundDocument document = await writer.GetAsync<RoundDocument>(RoundDocument.Collection, SortKey.Number(fact.Round), cancellation)
            ?? Opened(fact, modelRoot);
        int reveals = connected.Transactions.Count(transaction => transaction.Kind == "reveal");
        await writer.PutAsync(
            RoundDocument.Collection,
            document with
            {
                Reveals = document.Reveals + reveals,
                LastHeight = fact.Height,
                LastTime = fact.Time,
                Released = connected.Round is null ? document.Released : connected.Released.Count,
                Result = connected.Round ?? document.Result,
            },
            cancellation);
    }

    private static RoundDocument Opened(BlockFact first, string modelRoot) =>
        new(first.Round, first.Height, modelRoot, 0, first.Height, first.Time, 0, null);
}
