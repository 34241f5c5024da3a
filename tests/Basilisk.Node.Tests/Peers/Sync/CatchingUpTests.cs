using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Sync;

public sealed class CatchingUpTests
{
    [Fact]
    public async Task A_node_that_joins_late_catches_up_and_is_current_then()
    {
        await using PeeredNode old = await PeeredNode.StartAsync();
        await old.Node.MineAsync(14);
        await old.Node.MineAsync(60, contribute: false);
        await using PeeredNode young = await PeeredNode.StartAsync(key: 2, isCurrent: false);
        Assert.Equal(SyncPhase.FindingPeers, young.Sync.Now.Phase);
        await young.JoinAsync(old);

        await young.AtAsync(old.Tip);
        await Eventually.TrueAsync(() => young.Gate.IsCurrent);
        Assert.Equal(old.Node.View.State.Root, young.Node.View.State.Root);
        Assert.Equal(old.Node.View.State.ModelRoot, young.Node.View.State.ModelRoot);
        Assert.Equal(74, young.Meter.HeadersTaken);
        Assert.Equal(74, young.Meter.BlocksDownloaded);
        Assert.Equal(SyncPhase.Current, young.Sync.Now.Phase);
    }

    [Fact]
    public async Task Blocks_come_from_several_peers()
    {
        await using PeeredNode first = await PeeredNode.StartAsync();
        await first.Node.MineAsync(80, contribute: false);
        await using PeeredNode second = await PeeredNode.StartAsync(key: 2);
        await second.JoinAsync(first);
        await second.AtAsync(first.Tip);
        long before = second.Meter.BlocksServed;
        await using PeeredNode young = await PeeredNode.StartAsync(key: 3, isCurrent: false, syncs: false);
        await young.JoinAsync(first);
        await young.JoinAsync(second);
        young.Begin();

        await young.AtAsync(first.Tip);
        Assert.True(first.Meter.BlocksServed > 0, "The first gave none.");
        Assert.True(second.Meter.BlocksServed > before, "The second gave none.");
    }

    [Fact]
    public async Task A_peer_that_gives_no_headers_does_not_stop_the_sync()
    {
        await using PeeredNode old = await PeeredNode.StartAsync();
        await old.Node.MineAsync(20, contribute: false);
        var limits = new Basilisk.Node.Peers.Transport.TransportLimits { Answer = TimeSpan.FromSeconds(1) };
        await using PeeredNode young = await PeeredNode.StartAsync(key: 2, isCurrent: false, limits: limits);
        await using ScriptedPeer silent = await young.MeetAsync(ScriptedTalk.Claiming(1_000));
        await silent.UntilAsync<GetHeaders>();
        await young.JoinAsync(old);

        await young.AtAsync(old.Tip);
        Assert.True(young.Policy.Scores.Of(silent.Id) > 0, "A stall is an offence.");
        Assert.False(young.Policy.Bans.IsBanned(silent.Id), "One stall is no ban.");
    }

    [Fact]
    public async Task A_peer_that_holds_up_blocks_is_left_for_another()
    {
        await using PeeredNode old = await PeeredNode.StartAsync();
        List<Block> blocks = await old.Node.MineAsync(30, contribute: false);
        await using PeeredNode young = await PeeredNode.StartAsync(key: 2, isCurrent: false);
        await using ScriptedPeer slow = await young.MeetAsync(ScriptedTalk.HelloOf(blocks[^1], ScriptedTalk.WorkOf(blocks) + 1));
        GetHeaders question = await slow.UntilAsync<GetHeaders>();
        await slow.SendAsync(new Headers(question.RequestId, blocks.HeadersOf()));
        await slow.UntilAsync<GetBlocks>();
        await young.JoinAsync(old);

        await young.AtAsync(old.Tip);
        Assert.True(young.Policy.Scores.Of(slow.Id) > 0, "A stall is an offence.");
    }

    [Fact]
    public async Task A_claim_that_headers_do_not_bear_out_is_asked_about_once_and_the_node_is_current()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(isCurrent: false);
        await using ScriptedPeer boaster = await node.MeetAsync(ScriptedTalk.Claiming(1_000));
        GetHeaders question = await boaster.UntilAsync<GetHeaders>();
        Assert.False(node.Gate.IsCurrent);
        Assert.Equal(SyncPhase.Headers, await PhaseAsync(node, SyncPhase.Headers));
        await boaster.SendAsync(new Headers(question.RequestId, []));

        await Eventually.TrueAsync(() => node.Gate.IsCurrent);
        Assert.Equal(1, node.Peers.Counters.Sent(MessageKind.GetHeaders));
    }

    [Fact]
    public async Task Headers_without_work_ban_their_sender()
    {
        await using PeeredNode miner = await PeeredNode.StartAsync(key: 2, syncs: false);
        List<Block> blocks = await miner.Node.MineAsync(3, contribute: false);
        BlockHeader[] headers = [.. blocks.HeadersOf()];
        headers[2] = headers[2].Unworked();
        await using PeeredNode node = await PeeredNode.StartAsync();
        await using ScriptedPeer peer = await node.MeetAsync(ScriptedTalk.Claiming(3));
        GetHeaders question = await peer.UntilAsync<GetHeaders>();
        await peer.SendAsync(new Headers(question.RequestId, [.. headers]));
        Assert.Equal(Tokens.WorkInsufficient, await node.BanOfAsync(peer.Id));
    }

    [Fact]
    public async Task A_block_with_another_body_bans_its_sender_and_comes_from_another()
    {
        await using PeeredNode old = await PeeredNode.StartAsync();
        List<Block> blocks = await old.Node.MineAsync(6, contribute: false);
        await using PeeredNode young = await PeeredNode.StartAsync(key: 2, isCurrent: false);
        await using ScriptedPeer liar = await young.MeetAsync(ScriptedTalk.HelloOf(blocks[^1], ScriptedTalk.WorkOf(blocks) + 1));
        GetHeaders question = await liar.UntilAsync<GetHeaders>();
        await liar.SendAsync(new Headers(question.RequestId, blocks.HeadersOf()));
        GetBlocks wanted = await liar.UntilAsync<GetBlocks>();
        var other = new Block(blocks[0].Header, [old.Node.Transfer(0, default, 1)], []);
        await liar.SendAsync(new Node.Peers.Messages.Blocks(wanted.RequestId, [other]));
        Assert.Equal(Tokens.TransactionsRootMismatch, await young.BanOfAsync(liar.Id));

        await young.JoinAsync(old);
        await young.AtAsync(old.Tip);
    }

    [Fact]
    public async Task A_valid_header_of_an_invalid_block_bans_its_sender()
    {
        await using PeeredNode node = await PeeredNode.StartAsync();
        Block good = await node.Node.BuildAsync(node.Node.View);
        Block bad = TestNode.Finish(good.WithHeader(good.Header with { StateRoot = good.Hash }));
        await using ScriptedPeer peer = await node.MeetAsync(ScriptedTalk.HelloOf(bad, ScriptedTalk.WorkOf([bad]) + 1));
        GetHeaders question = await peer.UntilAsync<GetHeaders>();
        await peer.SendAsync(new Headers(question.RequestId, [bad.Header]));
        GetBlocks wanted = await peer.UntilAsync<GetBlocks>();
        await peer.SendAsync(new Node.Peers.Messages.Blocks(wanted.RequestId, [bad]));

        Assert.Equal(Tokens.StateRootMismatch, await node.BanOfAsync(peer.Id));
        await node.Node.SubmitAsync([good]);
        Assert.Equal(good.Hash, node.Tip);
    }

    [Fact]
    public async Task A_node_that_reaches_nobody_goes_on_alone_after_a_while()
    {
        var time = new ManualTime();
        await using PeeredNode node = await PeeredNode.StartAsync(isCurrent: false, syncs: false, time: time);
        node.Sync.Look();
        Assert.Equal(SyncPhase.FindingPeers, node.Sync.Now.Phase);
        time.Advance(SyncStatus.Patience);
        node.Sync.Look();
        Assert.True(node.Gate.IsCurrent);
    }

    private static async Task<SyncPhase> PhaseAsync(PeeredNode node, SyncPhase phase)
    {
        await Eventually.TrueAsync(() => node.Sync.Now.Phase == phase);
        return node.Sync.Now.Phase;
    }
}
