using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Live;
using Basilisk.Contracts.Rounds;
using Basilisk.Testing.FakeNode;
using Basilisk.Web.Tests.Support;
using Xunit;

namespace Basilisk.Web.Tests.Live;

public sealed class LiveFeedWorkerTests
{
    [Fact]
    public async Task A_snapshot_comes_first_and_deltas_follow()
    {
        await using var node = await ScriptedNode.Start();
        using var feed = Feeds.Create();
        using var worker = await feed.Follow(node.Url);

        var first = await feed.Until(state => state.Status is not null);
        Assert.Equal(100, first.Status!.Height);
        Assert.Equal(20, first.Blocks.Length);

        await node.Mine();
        var second = await feed.Until(state => state.Status!.Height == 101);
        Assert.Equal(node.Chain.Tip.Hash, second.Blocks[0].Hash);
        Assert.Equal(1, node.Subscriptions);
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_missing_number_takes_a_new_snapshot()
    {
        await using var node = await ScriptedNode.Start();
        using var feed = Feeds.Create();
        using var worker = await feed.Follow(node.Url);
        await feed.Until(state => state.Status is not null);

        node.Chain.Mine();
        node.LoseOne();
        await node.Mine();

        var after = await feed.Until(state => state.Status!.Height == 102);
        Assert.Equal(2, node.Subscriptions);
        Assert.Equal([102L, 101L, 100L], after.Blocks.Take(3).Select(block => block.Height));
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task When_the_node_goes_the_last_data_stay_and_it_is_found_again()
    {
        var node = await ScriptedNode.Start();
        var port = node.Url.Port;
        using var feed = Feeds.Create();
        using var worker = await feed.Follow(node.Url);
        await feed.Until(state => state.Connected);

        await node.DisposeAsync();
        var lost = await feed.Until(state => !state.Connected);
        Assert.Equal(100, lost.Status!.Height);
        Assert.NotNull(lost.Problem);

        await using var again = await ScriptedNode.Start(new ScriptedChain(140), port);
        var found = await feed.Until(state => state.Connected);
        Assert.Equal(140, found.Status!.Height);
        Assert.Null(found.Problem);
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_reorganisation_takes_the_removed_block_off_the_list()
    {
        await using var node = await ScriptedNode.Start();
        using var feed = Feeds.Create();
        using var worker = await feed.Follow(node.Url);
        var before = await feed.Until(state => state.Status is not null);

        await node.Send(sequence => new LiveDelta(sequence, Disconnected: before.Blocks[0].Hash));
        var after = await feed.Until(state => state.Sequence == before.Sequence + 1);
        Assert.Equal(99, after.Blocks[0].Height);
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_end_of_a_round_refreshes_the_rewards_of_its_blocks()
    {
        await using var node = await ScriptedNode.Start(new ScriptedChain(118));
        using var feed = Feeds.Create();
        using var worker = await feed.Follow(node.Url);
        var before = await feed.Until(state => state.Status is not null);
        Assert.Equal(RewardState.Pending, before.Blocks[0].Reward);

        var ending = node.Chain.Mine();
        var settled = node.Chain.RoundSummary(4);
        Assert.Equal(RoundState.Settled, settled.State);
        await node.Send(sequence => new LiveDelta(sequence, node.Chain.Status(), ending, Round: settled));
        var after = await feed.Until(state => state.Blocks[0].Reward == RewardState.Released);
        Assert.Equal(119, after.Blocks[0].Height);
        Assert.Equal(2, node.Subscriptions);

        // The same end told again is no news.
        await node.Send(sequence => new LiveDelta(sequence, Round: settled));
        await feed.Until(state => state.Sequence == after.Sequence + 1);
        Assert.Equal(2, node.Subscriptions);
        await worker.StopAsync(CancellationToken.None);
    }
}
