using Basilisk.Contracts.Rounds;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Projections;

/// <summary>Every work unit from the block that drew it to the credit it earned.</summary>
public sealed class ContributionsProjection : ChainProjection
{
    /// <summary>Why a unit is forfeited whose payload was not revealed in its round.</summary>
    public const string NotRevealed = "not-revealed";

    /// <summary>Why a unit is forfeited that drew none of its round's places.</summary>
    public const string NoPlace = "no-place";

    public override string Name => "contributions";

    public override int Version => 2;

    private protected override async Task SnapshotAsync(SnapshotInstalled installed, DocumentWriter writer, CancellationToken cancellation)
    {
        foreach (UnitFact unit in installed.Units)
        {
            ContributionState state = Enum.Parse<ContributionState>(unit.Status, ignoreCase: true);
            var view = new ContributionView(
                unit.Id, unit.Height, unit.Miner, unit.Round, state, null, null, unit.PayloadHash, unit.PayloadBytes, null, null, null, null, null, null, null,
                state == ContributionState.Forfeited ? NotRevealed : null);
            await writer.PutAsync(ContributionDocument.Collection, new ContributionDocument(view, unit.ExpiryRound), cancellation);
        }
    }

    private protected override async Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation)
    {
        BlockFact fact = connected.Fact;
        foreach (TransactionFact transaction in connected.Transactions)
        {
            await FollowAsync(transaction, fact.Round, writer, cancellation);
        }

        foreach (string unit in connected.Forfeited)
        {
            await ChangeAsync(unit, view => view with { State = ContributionState.Forfeited, Reason = NotRevealed }, writer, cancellation);
        }

        foreach (string unit in connected.WithoutPlace ?? [])
        {
            await ChangeAsync(unit, view => view with { State = ContributionState.Forfeited, Reason = NoPlace }, writer, cancellation);
        }

        foreach (ContributionFact result in connected.Round?.Contributions ?? [])
        {
            await ChangeAsync(result.Unit, view => Judged(view, result), writer, cancellation);
        }

        var drawn = new ContributionView(
            fact.Hash, fact.Height, fact.Miner, fact.Round, ContributionState.Open, null, null, null, null, null, null, null, null, null, null, null, null);
        await writer.PutAsync(ContributionDocument.Collection, new ContributionDocument(drawn, fact.RewardExpiryRound), cancellation);
    }

    private static Task FollowAsync(TransactionFact transaction, int round, DocumentWriter writer, CancellationToken cancellation) => transaction switch
    {
        { Kind: "commit", Unit: { } unit } => ChangeAsync(
            unit,
            view => view with { State = ContributionState.Committed, Round = round, CommitTransaction = transaction.Hash },
            writer,
            cancellation),
        { Kind: "reveal", Unit: { } unit } => ChangeAsync(
            unit,
            view => view with
            {
                State = ContributionState.Revealed,
                RevealTransaction = transaction.Hash,
                PayloadHash = transaction.PayloadHash,
                PayloadBytes = transaction.PayloadBytes,
            },
            writer,
            cancellation),
        _ => Task.CompletedTask,
    };

    private static ContributionView Judged(ContributionView view, ContributionFact result) => view with
    {
        State = result.Accepted ? ContributionState.Accepted : ContributionState.Refused,
        ProbeGainNats = result.ProbeGain,
        ProbeErrorNats = result.ProbeError,
        FreshGainNats = result.FreshGain,
        Weight = result.Weight,
        LeaveOneOutNats = result.LeaveOneOut,
        CreditNats = result.Credit,
        PassesEarned = result.Passes,
        Reason = result.Reason,
    };

    private static async Task ChangeAsync(string unit, Func<ContributionView, ContributionView> change, DocumentWriter writer, CancellationToken cancellation)
    {
        ContributionDocument document = await writer.GetAsync<ContributionDocument>(ContributionDocument.Collection, unit, cancellation)
            ?? throw new InvalidOperationException($"Unit {unit} was used, but never drawn.");
        await writer.PutAsync(ContributionDocument.Collection, document with { View = change(document.View) }, cancellation);
    }
}
