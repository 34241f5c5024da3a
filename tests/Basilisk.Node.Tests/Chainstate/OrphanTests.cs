using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Transactions;
using Basilisk.Contracts.Chain;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store.Projections;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>What the explorer says of blocks and transactions that a reorganisation took off.</summary>
public sealed class OrphanTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task A_transaction_goes_from_confirmed_to_orphaned_and_back_with_its_block_still_to_be_found()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await theirs.SubmitAsync(await ours.MineAsync((2 * RoundLength) + 1, "shared"));
        ulong nonce = ours.View.State.Account(ours.Key.Address).Nonce;
        Transaction sent = ours.Transfer(nonce, theirs.Key.Address, Bsk.Coin);
        Assert.Null(ours.Pool.Add(ours.View, sent));
        Block held = await ours.MineAsync("ours", contribute: false);
        string hash = sent.Hash.ToString();
        Assert.Equal(TransactionState.Confirmed, (await StateAsync(ours, hash))!.Summary.State);
        Assert.Equal(1, (await StateAsync(ours, hash))!.Confirmations);

        await ours.SubmitAsync(await theirs.MineAsync(2, "theirs", contribute: false));
        TransactionView off = (await StateAsync(ours, hash))!;
        Assert.Equal((TransactionState.Orphaned, null, 0L), (off.Summary.State, off.Summary.BlockHash, off.Confirmations));
        BlockView block = (await Explorer(ours).BlockAsync(held.Hash.ToString(), CancellationToken.None))!;
        Assert.True(block.Orphaned);
        Assert.Equal(0, block.Confirmations);
        Assert.Equal(hash, Assert.Single(block.Transactions).Hash);
        Assert.NotEqual(held.Hash.ToString(), (await Explorer(ours).BlockAsync(held.Height.ToString(System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None))!.Summary.Hash);

        Block again = await ours.MineAsync("on", contribute: false);
        TransactionView back = (await StateAsync(ours, hash))!;
        Assert.Equal((TransactionState.Confirmed, again.Hash.ToString(), 1L), (back.Summary.State, back.Summary.BlockHash, back.Confirmations));
        await ours.MineAsync("on", contribute: false);
        Assert.Equal(2, (await StateAsync(ours, hash))!.Confirmations);
    }

    [Fact]
    public async Task A_branch_left_further_down_than_can_be_undone_is_left_out_and_its_blocks_are_still_to_be_found()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await theirs.SubmitAsync(await ours.MineAsync(RoundLength + 1, "shared"));
        List<Block> left = await ours.MineAsync(5, "ours");
        var told = new List<string>();
        var runner = new ProjectionRunner(ours.Store, ProjectionSet.All(blocksKept: 3), new ProjectionRunnerOptions { Outdated = (name, reason) => told.Add($"{name}: {reason.Message}") });
        await runner.CatchUpAsync();
        await ours.SubmitAsync(await theirs.MineAsync(6, "theirs"));
        Assert.Equal(theirs.View.Hash, ours.View.Hash);
        await runner.CatchUpAsync();

        Assert.Equal(ProjectionSet.All().Count, told.Count);
        Assert.Contains($"blocks: nothing is kept in blocks_undo to undo block {left[1].Height}", told);
        foreach (Block block in left)
        {
            Assert.True((await Explorer(ours).BlockAsync(block.Hash.ToString(), CancellationToken.None))!.Orphaned);
        }

        Assert.Null(await ProjectionAudit.RunAsync(ours.Store, CancellationToken.None));
        await ours.MineAsync(2, "on");
        await new ProjectionRunner(ours.Store, ProjectionSet.All(blocksKept: 3)).CatchUpAsync();
        Assert.Null(await ProjectionAudit.RunAsync(ours.Store, CancellationToken.None));
    }

    private static async Task<TransactionView?> StateAsync(TestNode node, string hash)
    {
        await new ProjectionRunner(node.Store, ProjectionSet.All()).CatchUpAsync();
        return await Explorer(node).TransactionAsync(hash, CancellationToken.None);
    }

    private static ExplorerQueries Explorer(TestNode node) => new(node.Store.Documents, new Tip(node));

    /// <summary>The node's chain, as the explorer asks for it.</summary>
    private sealed class Tip(TestNode node) : IChainFacts
    {
        public long Height => node.View.Height;

        public int Round => (int)node.View.Round;

        public double TotalCreditNats => node.Facts.NatsOnConfirmation(node.View.Totals.Credit);

        public string PhaseOf(long height) => ChainFacts.PhaseName(node.Network.Parameters.Rounds.PhaseOf((ulong)height));

        public long FirstHeightOf(int round) => (long)node.Network.Parameters.Rounds.FirstHeightOf((ulong)round);

        public long LastHeightOf(int round) => (long)node.Network.Parameters.Rounds.LastHeightOf((ulong)round);

        public int OpenUnits(string address) => 0;

        public AccountFact Account(string address) => node.Facts.Account(Address.Parse(address), node.View.State);

        public string RewardOf(long blocks) => (node.Network.Parameters.Rewards.Reward * (ulong)blocks).ToString();
    }
}
