using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Projections;

/// <summary>Accounts at the tip; its index by credit is the leaderboard.</summary>
public sealed class AccountsProjection : ChainProjection
{
    public override string Name => "accounts";

    public override int Version => 1;

    private protected override async Task SnapshotAsync(SnapshotInstalled installed, DocumentWriter writer, CancellationToken cancellation)
    {
        foreach (AccountFact fact in installed.Accounts)
        {
            await ChangeAsync(fact.Address, document => document with { Fact = fact }, writer, cancellation);
        }
    }

    private protected override async Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation)
    {
        foreach (AccountFact fact in connected.Accounts)
        {
            await ChangeAsync(fact.Address, document => document with { Fact = fact }, writer, cancellation);
        }

        await ChangeAsync(connected.Fact.Miner, document => document with { BlocksMined = document.BlocksMined + 1 }, writer, cancellation);
        foreach (TransactionFact transaction in connected.Transactions)
        {
            foreach (string address in new[] { transaction.From, transaction.To }.Distinct())
            {
                await ChangeAsync(address, document => document with { Transactions = document.Transactions + 1 }, writer, cancellation);
            }
        }

        foreach (ContributionFact contribution in connected.Round?.Contributions ?? [])
        {
            if (contribution.Accepted)
            {
                int round = connected.Fact.Round;
                await ChangeAsync(
                    contribution.Miner,
                    document => document with { Contributions = document.Contributions + 1, LastRound = contribution.Credit > 0 ? round : document.LastRound },
                    writer,
                    cancellation);
            }
        }
    }

    private static async Task ChangeAsync(string address, Func<AccountDocument, AccountDocument> change, DocumentWriter writer, CancellationToken cancellation)
    {
        AccountDocument document = await writer.GetAsync<AccountDocument>(AccountDocument.Collection, address, cancellation) ?? AccountDocument.New(address);
        await writer.PutAsync(AccountDocument.Collection, change(document), cancellation);
    }
}
