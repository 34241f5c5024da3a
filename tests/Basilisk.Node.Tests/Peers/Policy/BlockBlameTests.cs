using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Basilisk.Store;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Policy;

/// <summary>Who answers for a block whose verdict comes late.</summary>
public sealed class BlockBlameTests
{
    /// <summary>Blocks that both chains share: the judgement of the round is not asked for yet.</summary>
    private const int Shared = 8;

    [Fact]
    public async Task The_sender_of_a_block_that_fails_after_judging_is_banned()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        List<Block> ends = await EndsAsync(node);
        using IDisposable held = await node.Node.Outcomes.HoldAsync().WaitAsync(Eventually.Patience);
        await node.Node.SubmitAsync(ends[..2]);
        await using ScriptedPeer sender = await node.MeetAsync();
        await using ScriptedPeer other = await node.MeetAsync();
        Block bad = Broken(ends[2]);
        await sender.DeliverAsync(bad);
        await Eventually.TrueAsync(() => node.Chain.HasBody(bad.Hash));
        await other.SendAsync(bad.Announced()); // The body is here: it is not asked for.
        await Eventually.TrueAsync(() => node.Live.All.Any(live => live.Peer.Id == other.Id && live.Tip.Hash == bad.Hash));
        Assert.Equal(0, node.Policy.Scores.Of(sender.Id));

        held.Dispose();
        Assert.Equal(Tokens.StateRootMismatch, await node.BanOfAsync(sender.Id));
        Assert.Equal(0, node.Policy.Scores.Of(other.Id));
        Assert.False(node.Policy.Bans.IsBanned(other.Id));
        Assert.Equal(ends[1].Hash, node.Tip);
    }

    [Fact]
    public async Task Who_has_left_before_the_verdict_is_banned_all_the_same()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        List<Block> ends = await EndsAsync(node);
        using IDisposable held = await node.Node.Outcomes.HoldAsync().WaitAsync(Eventually.Patience);
        await node.Node.SubmitAsync(ends[..2]);
        await using ScriptedPeer sender = await node.MeetAsync();
        Block bad = Broken(ends[2]);
        await sender.DeliverAsync(bad);
        await Eventually.TrueAsync(() => node.Chain.HasBody(bad.Hash));
        sender.Close();
        await Eventually.TrueAsync(() => node.Live.All.Count == 0 && node.Peers.Peers.Count == 0);

        held.Dispose();
        Assert.Equal(Tokens.StateRootMismatch, await node.BanOfAsync(sender.Id));
    }

    [Fact]
    public async Task Downloaded_blocks_that_fail_after_judging_ban_who_gave_each_of_them()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        List<Block> ends = await EndsAsync(node);
        using IDisposable held = await node.Node.Outcomes.HoldAsync().WaitAsync(Eventually.Patience);
        await node.Node.SubmitAsync(ends[..2]);
        Block bad = Broken(ends[2]);
        Block child = TestNode.Finish(ends[3].WithHeader(ends[3].Header with { ParentHash = bad.Hash }));
        await using ScriptedPeer below = await node.MeetAsync(ScriptedTalk.HelloOf(bad, default));
        node.Begin();
        Assert.Null((await node.Chain.AddHeadersAsync([bad.Header, child.Header], CancellationToken.None)).Refusal);
        GetBlocks first = await below.UntilAsync<GetBlocks>();
        Assert.Equal([bad.Hash], first.Hashes);
        await below.SendAsync(new Node.Peers.Messages.Blocks(first.RequestId, [bad]));
        await using ScriptedPeer above = await node.MeetAsync(ScriptedTalk.HelloOf(child, default));
        GetBlocks second = await above.UntilAsync<GetBlocks>(asked => asked.Hashes[0] == child.Hash);
        await above.SendAsync(new Node.Peers.Messages.Blocks(second.RequestId, [child]));
        await Eventually.TrueAsync(() => node.Chain.HasBody(bad.Hash) && node.Chain.HasBody(child.Hash));
        Assert.Equal(0, node.Policy.Scores.Of(below.Id) + node.Policy.Scores.Of(above.Id));

        held.Dispose();
        Assert.Equal(Tokens.StateRootMismatch, await node.BanOfAsync(below.Id));
        Assert.Equal(Tokens.HeaderInvalidAncestor, await node.BanOfAsync(above.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_who_hand_in_the_same_block_the_first_answers_for_it(bool isOurs)
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        List<Block> ends = await EndsAsync(node);
        using IDisposable held = await node.Node.Outcomes.HoldAsync().WaitAsync(Eventually.Patience);
        await node.Node.SubmitAsync(ends[..2]);
        await using ScriptedPeer first = await node.MeetAsync();
        await using ScriptedPeer second = await node.MeetAsync();
        Block bad = Broken(ends[2]);
        BlockSubmission taken = await node.Chain.SubmitAsync(bad, CancellationToken.None);
        if (!isOurs)
        {
            node.Blame.Judge(PeerOf(node, first), bad, taken);
        }

        BlockSubmission repeated = await node.Chain.SubmitAsync(bad, CancellationToken.None);
        node.Blame.Judge(PeerOf(node, second), bad, repeated);
        Assert.Equal((BlockWait.Judgement, false), (taken.Wait, taken.IsRepeated));
        Assert.Equal((BlockWait.Judgement, true), (repeated.Wait, repeated.IsRepeated));

        held.Dispose();
        Assert.Equal(Tokens.StateRootMismatch, (await repeated.Verdict!.WaitAsync(Eventually.Patience)).Refusal!.Token);
        if (!isOurs)
        {
            Assert.Equal(Tokens.StateRootMismatch, await node.BanOfAsync(first.Id));
        }

        await AllCountedAsync(node);
        Assert.Equal(!isOurs, node.Policy.Bans.IsBanned(first.Id));
        Assert.False(node.Policy.Bans.IsBanned(second.Id));
        Assert.Equal(0, node.Policy.Scores.Of(first.Id) + node.Policy.Scores.Of(second.Id));
    }

    [Fact]
    public async Task Nobody_is_blamed_for_what_the_store_a_full_place_finality_or_the_nodes_end_refuses()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer sender = await node.MeetAsync();
        Block block = await node.Node.BuildAsync(node.Node.View);
        foreach (Action<TaskCompletionSource<BlockSubmission>> end in Ends())
        {
            var verdict = new TaskCompletionSource<BlockSubmission>();
            node.Blame.Judge(PeerOf(node, sender), block, new BlockSubmission(null, false) { Wait = BlockWait.Judgement, Verdict = verdict.Task });
            end(verdict);
        }

        await AllCountedAsync(node);
        Assert.Equal(0, node.Policy.Scores.Of(sender.Id));
        Assert.False(node.Policy.Bans.IsBanned(sender.Id));
    }

    [Fact]
    public async Task A_verdict_that_comes_after_the_nodes_end_counts_no_more()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer sender = await node.MeetAsync();
        Block block = await node.Node.BuildAsync(node.Node.View);
        var blame = new Node.Peers.Policy.BlockBlame(node.Log.For<Node.Peers.Policy.BlockBlame>());
        using var stopping = new CancellationTokenSource();
        Task running = blame.RunAsync(stopping.Token);
        var verdict = new TaskCompletionSource<BlockSubmission>();
        blame.Judge(PeerOf(node, sender), block, new BlockSubmission(null, false) { Wait = BlockWait.Judgement, Verdict = verdict.Task });
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        verdict.SetResult(Refused(Tokens.StateRootMismatch));
        Assert.Equal(0, node.Policy.Scores.Of(sender.Id));
        Assert.False(node.Policy.Bans.IsBanned(sender.Id));
    }

    /// <summary>The last blocks of a round and the first of the next, on the node's tip, found by another node.</summary>
    private static async Task<List<Block>> EndsAsync(PeeredNode node)
    {
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await theirs.SubmitAsync(await node.Node.MineAsync(Shared));
        return await theirs.MineAsync(4, "theirs");
    }

    /// <summary>The same block with another state: only who knows the round's result can tell.</summary>
    private static Block Broken(Block block) => TestNode.Finish(block.WithHeader(block.Header with { StateRoot = block.Hash }));

    private static IPeer PeerOf(PeeredNode node, ScriptedPeer peer) => node.Live.All.Single(live => live.Peer.Id == peer.Id).Peer;

    private static BlockSubmission Refused(string token) => new(new Refusal(RefusalKind.State, token, "The test's."), false);

    private static IEnumerable<Action<TaskCompletionSource<BlockSubmission>>> Ends() =>
    [
        verdict => verdict.SetException(new StoreUnavailableException("the test's store", "the connection broke")),
        verdict => verdict.SetCanceled(),
        verdict => verdict.SetResult(new BlockSubmission(null, true)),
        verdict => verdict.SetResult(Refused(HeaderTokens.ParkedFull)),
        verdict => verdict.SetResult(Refused(HeaderTokens.WorkTooLow)),
        verdict => verdict.SetResult(Refused(Tokens.ReorganisationTooDeep)),
        verdict => verdict.SetResult(Refused(Tokens.HeaderOrphan)),
    ];

    /// <summary>Waits until every verdict so far was counted: one that comes after them is.</summary>
    private static async Task AllCountedAsync(PeeredNode node)
    {
        await using ScriptedPeer last = await node.MeetAsync();
        Block block = await node.Node.BuildAsync(node.Node.View);
        var verdict = new TaskCompletionSource<BlockSubmission>();
        node.Blame.Judge(PeerOf(node, last), block, new BlockSubmission(null, false) { Wait = BlockWait.Judgement, Verdict = verdict.Task });
        verdict.SetResult(Refused(Tokens.StateRootMismatch));
        await node.BanOfAsync(last.Id);
    }
}
