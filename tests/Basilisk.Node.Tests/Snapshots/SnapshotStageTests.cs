using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>When fast synchronisation runs, and when the node goes on without it.</summary>
public sealed class SnapshotStageTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task It_waits_for_the_headers_and_enters_by_a_snapshot()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        await using TestNode node = await TestNode.StartAsync();
        int looks = 0;
        bool IsReady() => ++looks >= 3;
        SnapshotStage stage = Stage(node, FastSyncTests.Peer(source, blocks), IsReady, isWanted: true);
        Assert.True(stage.IsRunning);
        await node.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);
        await stage.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.False(stage.IsRunning);
        Assert.Equal(source.Chainstate.Snapshots.Newest!.Hash, node.View.Hash);
        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task A_user_who_did_not_ask_for_it_gets_every_block()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        await using TestNode node = await TestNode.StartAsync();
        ServingPeer peer = FastSyncTests.Peer(source, blocks);
        SnapshotStage stage = Stage(node, peer, () => true, isWanted: false);
        Assert.False(stage.IsRunning);
        await stage.RunAsync(CancellationToken.None);
        Assert.Empty(peer.Asked);
        Assert.Equal(Hash256.Zero, node.View.State.Head.Header.ParentHash);
    }

    [Fact]
    public async Task A_chain_that_has_blocks_is_not_touched()
    {
        await using TestNode node = await TestNode.StartAsync();
        List<Block> blocks = await node.MineAsync(5 * RoundLength);
        await using TestNode again = await TestNode.StartAsync(key: 2);
        await again.SubmitAsync(blocks.Take(1));
        ServingPeer peer = FastSyncTests.Peer(node, blocks);
        SnapshotStage stage = Stage(again, peer, () => true, isWanted: true);
        Assert.False(stage.IsRunning);
        await stage.RunAsync(CancellationToken.None);
        Assert.Empty(peer.Asked);
    }

    [Fact]
    public async Task Where_nobody_gives_a_snapshot_the_node_says_so_and_goes_on_without()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        await using TestNode node = await TestNode.StartAsync();
        await node.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);
        ServingPeer peer = FastSyncTests.Peer(source, blocks);
        peer.Change = (_, answer) => new NotServed(answer.RequestId, PeerTokens.NotServed);
        SnapshotStage stage = Stage(node, peer, () => true, isWanted: true, new HastyTime());
        await stage.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.False(stage.IsRunning);
        Assert.Equal(0, node.View.Height);
        Assert.Contains(node.Log.Lines, line => line.Id == 1129);
    }

    private static SnapshotStage Stage(TestNode node, IPeer peer, Func<bool> isReady, bool isWanted, TimeProvider? time = null)
    {
        var chain = new SnapshotChain(node.Chainstate);
        var sync = new FastSync(chain, node.Rules, () => [peer], node.Checkpoints, node.Log.For<FastSync>());
        return new SnapshotStage(sync, chain, isReady, isWanted, time ?? TimeProvider.System, node.Log.For<SnapshotStage>());
    }

    /// <summary>A clock whose waits are over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
