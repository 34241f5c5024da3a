using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Projections;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store.Projections;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>Two nodes that mine apart and then see each other's blocks: real training, judging and settlement on both sides.</summary>
public sealed class ReorganisationTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task A_longer_chain_takes_over_before_a_rounds_end()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, 2);
        await ours.MineAsync(1, "ours");
        List<Block> longer = await theirs.MineAsync(2, "theirs");

        await SwitchAsync(ours, theirs, longer);
        await AssertSoundAsync(ours);
    }

    [Fact]
    public async Task A_longer_chain_takes_over_across_the_ends_of_two_settled_rounds_and_the_model_goes_back_too()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, (2 * RoundLength) + 1);
        await ours.MineAsync(2 * RoundLength, "ours");
        long settled = ours.View.Totals.Settled;
        List<Block> longer = await theirs.MineAsync((2 * RoundLength) + 1, "theirs");
        Assert.True(settled >= 2, $"only {settled} rounds settled");
        Assert.NotEqual(ours.View.State.ModelRoot, theirs.View.State.ModelRoot);

        await SwitchAsync(ours, theirs, longer);
        await AssertSoundAsync(ours);
        await ours.MineAsync(RoundLength, "on");
        await AssertSoundAsync(ours);
    }

    [Fact]
    public async Task A_fork_two_rounds_back_on_a_long_chain_is_judged_with_the_checkpoints_it_looks_back_at()
    {
        int before = ((SettlementParameters.MaxPast + 3) * RoundLength) + 3;
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, before);
        await ours.MineAsync(2 * RoundLength, "ours");
        List<Block> longer = await theirs.MineAsync((2 * RoundLength) + 1, "theirs");

        await SwitchAsync(ours, theirs, longer);
        await AssertSoundAsync(ours);
    }

    [Fact]
    public async Task A_restart_after_a_reorganisation_replays_to_the_same_chain_and_goes_on()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, ((SettlementParameters.MaxPast + 2) * RoundLength) + 5);
        await ours.MineAsync(RoundLength + 2, "ours");
        await SwitchAsync(ours, theirs, await theirs.MineAsync(RoundLength + 3, "theirs"));

        await using TestNode again = await ours.RestartAsync();
        Assert.Equal(theirs.View.Hash, again.View.Hash);
        Assert.Equal(theirs.View.State.Root, again.View.State.Root);
        Assert.Equal(theirs.View.Totals.Gain, again.View.Totals.Gain);
        await again.MineAsync(RoundLength, "on");
        await AssertSoundAsync(again);
    }

    [Fact]
    public async Task The_same_two_chains_can_take_turns()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, RoundLength + 2);
        List<Block> first = await ours.MineAsync(4, "ours");
        List<Block> second = await theirs.MineAsync(5, "theirs");
        await SwitchAsync(ours, theirs, second);
        await theirs.SubmitAsync(first);
        await using TestNode third = await TestNode.StartAsync(key: 3);
        await third.SubmitAsync(await BlocksOfAsync(ours, theirs.View.Height - second.Count));
        await third.SubmitAsync(first);
        first.AddRange(await third.MineAsync(3, "ours again", contribute: false));

        await SwitchAsync(ours, third, first);
        await AssertSoundAsync(ours);
        await using TestNode again = await ours.RestartAsync();
        Assert.Equal(third.View.Hash, again.View.Hash);
        await AssertSoundAsync(again);
    }

    [Fact]
    public async Task A_chain_with_equal_work_does_not_replace_the_one_seen_first()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, 3);
        Block first = await ours.MineAsync("ours");
        Block second = await theirs.MineAsync("theirs");

        BlockSubmission submission = await ours.SubmitAsync([second]);
        Assert.Null(submission.Refusal);
        Assert.False(submission.IsTip);
        Assert.Equal(first.Hash, ours.View.Hash);
    }

    [Fact]
    public async Task A_chain_that_undoes_more_settled_rounds_than_finality_allows_is_refused()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, RoundLength + 1);
        long settled = ours.View.Totals.Settled;
        while (ours.View.Totals.Settled <= settled + ours.Network.Parameters.FinalityRounds)
        {
            await ours.MineAsync("ours");
        }

        List<Block> longer = await theirs.MineAsync((int)(ours.View.Height - theirs.View.Height) + 1, "theirs");
        Exact.Hashing.Hash256 tip = ours.View.Hash;

        BlockSubmission submission = await ours.SubmitAsync(longer);
        Assert.Equal(tip, ours.View.Hash);
        Assert.Equal(Tokens.ReorganisationTooDeep, submission.Refusal!.Token);
        Assert.Equal(ours.Network.Parameters.FinalityRounds, submission.Refusal.Allowed);
        Assert.Contains(ours.Log.Lines, line => line.Id == 1104);
    }

    [Fact]
    public async Task A_chain_that_leaves_deeper_than_views_are_kept_is_followed_where_no_round_settled()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, RoundLength + 3);
        await ShareAsync(ours, theirs, 3, contribute: false);
        List<Block> longer = await theirs.MineAsync(50, "theirs", contribute: false);
        await ours.MineAsync(4, "ours", contribute: false);
        Assert.Null((await ours.SubmitAsync(longer[..2])).Refusal);
        await ours.MineAsync(38, "ours", contribute: false);
        Assert.True((ulong)ours.View.Height - 12 > Retention.Reach(ours.Network.Parameters));

        // Their first blocks were here once; the node let them go.
        await ours.Chain.AddHeadersAsync([.. longer.Select(block => block.Header)], CancellationToken.None);
        Assert.Equal(longer[0].Hash, ours.Chain.Wanted(1)[0].Hash);
        await SwitchAsync(ours, theirs, longer);
        await AssertSoundAsync(ours);
        await ours.MineAsync(2 * RoundLength, "on");
        await AssertSoundAsync(ours);
        await using TestNode again = await ours.RestartAsync();
        Assert.Equal(ours.View.Hash, again.View.Hash);
    }

    [Fact]
    public async Task Transactions_of_blocks_taken_off_wait_again()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ShareAsync(ours, theirs, (2 * RoundLength) + 1);
        Assert.False(ours.View.State.Account(ours.Key.Address).Balance.IsZero);
        ulong nonce = ours.View.State.Account(ours.Key.Address).Nonce;
        Transaction[] sent = [.. Enumerable.Range(0, 3).Select(i => ours.Transfer(nonce + (ulong)i, theirs.Key.Address, Bsk.Coin))];
        foreach (Transaction transaction in sent)
        {
            Assert.Null(ours.Pool.Add(ours.View, transaction));
        }

        await ours.MineAsync(1, "ours", contribute: false);
        Assert.Equal(0, ours.Pool.Count);
        await SwitchAsync(ours, theirs, await theirs.MineAsync(2, "theirs", contribute: false));

        Assert.All(sent, transaction =>
        {
            Assert.True(ours.Pool.TryFind(transaction.Hash, out PooledTransaction? waiting), $"nonce {transaction.Nonce} is lost");
            Assert.Null(waiting.Payload);
        });
        Block next = await ours.MineAsync("on", contribute: false);
        Assert.Equal(sent.Select(transaction => transaction.Hash), next.Transactions.Select(transaction => transaction.Hash));
        await AssertSoundAsync(ours);
    }

    /// <summary>The first node mines, the second takes its blocks.</summary>
    private static async Task ShareAsync(TestNode from, TestNode to, int blocks, bool contribute = true) =>
        await to.SubmitAsync(await from.MineAsync(blocks, "shared", contribute));

    private static async Task SwitchAsync(TestNode node, TestNode other, IReadOnlyList<Block> blocks)
    {
        BlockSubmission submission = await node.SubmitAsync(blocks);
        Assert.Null(submission.Refusal);
        Assert.True(submission.IsTip);
        Assert.Equal(other.View.Hash, node.View.Hash);
        Assert.Equal(other.View.State.Root, node.View.State.Root);
        Assert.Equal(other.View.State.ModelRoot, node.View.State.ModelRoot);
        Assert.Equal(other.View.Totals.Gain, node.View.Totals.Gain);
        Assert.NotNull(node.Checkpoints.Find(node.View.State.ModelRoot));
    }

    private static async Task<List<Block>> BlocksOfAsync(TestNode node, long upTo)
    {
        var blocks = new List<Block>();
        await foreach (ChainLogEntry entry in new ChainLog(node.Store.Events, node.Network.Parameters, node.Facts).ReadAsync(CancellationToken.None))
        {
            if (entry.Block is { } block && (long)block.Height <= upTo)
            {
                blocks.Add(block);
            }
        }

        return blocks;
    }

    /// <summary>Replayed from genesis with every round judged again, the log is clean, and every projection is what it gives.</summary>
    private static async Task AssertSoundAsync(TestNode node)
    {
        VerificationResult result = await new ChainVerifier(node.Network, node.Store.Events, new IntegerLossEvaluator(2)).RunAsync(null, CancellationToken.None);
        Assert.Null(result.Difference);
        Assert.Equal(node.View.Height, result.Height);
        Assert.Equal(node.View.State.Root.ToString(), result.StateRoot);
        Assert.Equal(node.View.State.ModelRoot.ToString(), result.ModelRoot);
        await new ProjectionRunner(node.Store, ProjectionSet.All()).CatchUpAsync();
        Assert.Null(await ProjectionAudit.RunAsync(node.Store, CancellationToken.None));
    }

}
