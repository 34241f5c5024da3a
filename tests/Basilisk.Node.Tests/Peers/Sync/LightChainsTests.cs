using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Sync;

/// <summary>Chains that begin with too little work: kept once they have shown more than the best, however long that takes.</summary>
public sealed class LightChainsTests : IAsyncLifetime
{
    /// <summary>Length of the chain that the node has the headers of.</summary>
    private const int Held = Headers.Most + 500;

    private readonly CancellationTokenSource _stopping = new();
    private PeeredNode _node = null!;
    private Task _syncing = Task.CompletedTask;

    private ChainHead Genesis => _node.Chain.HeadOf(Block.Genesis(_node.Chain.Parameters).Hash)!;

    /// <summary>Headers that the node keeps.</summary>
    private int Kept => _node.Node.Chainstate.Headers.Count;

    public async ValueTask InitializeAsync()
    {
        _node = await PeeredNode.StartAsync(syncs: false, time: new ManualTime());
        Assert.Null((await _node.Chain.AddHeadersAsync(Grow(Held, "held"), CancellationToken.None)).Refusal);
        _syncing = _node.Headers.RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _syncing.WaitAsync(Eventually.Patience));
        await _node.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task A_chain_is_kept_once_it_has_shown_more_work_than_the_best()
    {
        BlockHeader[] chain = Grow(Held + 100, "heavier");
        await using ScriptedPeer peer = await _node.MeetAsync(ScriptedTalk.Claiming(1));
        await AnswerAsync(peer, chain, Genesis.Hash);
        GetHeaders second = await peer.UntilAsync<GetHeaders>();
        Assert.Equal([chain[Headers.Most - 1].Hash], second.Locator);
        Assert.Equal(Held + 1, Kept);

        await peer.SendAsync(new Headers(second.RequestId, [.. chain[Headers.Most..]]));
        GetHeaders again = await AnswerAsync(peer, chain, Genesis.Hash);
        Assert.Equal(chain[Headers.Most - 1].Hash, again.Stop);
        GetHeaders last = await AnswerAsync(peer, chain, chain[Headers.Most - 1].Hash);
        Assert.Equal(chain[^1].Hash, last.Stop);
        await Eventually.TrueAsync(() => _node.Chain.BestHeader.Hash == chain[^1].Hash);
        Assert.Equal(Held + chain.Length + 1, Kept);

        GetHeaders more = await peer.UntilAsync<GetHeaders>();
        Assert.Equal([chain[^1].Hash], more.Locator);
        await peer.SendAsync(new Headers(more.RequestId, []));
        await Eventually.TrueAsync(() => !_node.Headers.IsBehind);
    }

    [Fact]
    public async Task A_lighter_chain_is_not_kept_and_not_fetched_again_before_it_is_heavier()
    {
        BlockHeader[] chain = Grow(Held + 1, "lighter");
        await using ScriptedPeer peer = await _node.MeetAsync(ScriptedTalk.Claiming(1));
        await AnswerAsync(peer, chain, Genesis.Hash);
        GetHeaders second = await peer.UntilAsync<GetHeaders>();
        await peer.SendAsync(new Headers(second.RequestId, [.. chain[Headers.Most..^2]]));
        LivePeer live = _node.Live.All.Single();
        await Eventually.TrueAsync(() => live.Light?.Hash == chain[^3].Hash && !_node.Headers.IsBehind);
        Assert.Equal(Held + 1, Kept);

        // As much work as the best: no reason to fetch it.
        await peer.SendAsync(new NewBlock(chain[^2], [], []));
        await Eventually.TrueAsync(() => live.Light!.Hash == chain[^2].Hash);
        Assert.False(_node.Headers.IsBehind);
        Assert.Equal(2, _node.Peers.Counters.Sent(MessageKind.GetHeaders));

        await peer.SendAsync(new NewBlock(chain[^1], [], []));
        await AnswerAsync(peer, chain, Genesis.Hash);
        await AnswerAsync(peer, chain, chain[Headers.Most - 1].Hash);
        await AnswerAsync(peer, chain, Genesis.Hash);
        await AnswerAsync(peer, chain, chain[Headers.Most - 1].Hash);
        await Eventually.TrueAsync(() => _node.Chain.BestHeader.Hash == chain[^1].Hash);
        Assert.False(_node.Policy.Bans.IsBanned(peer.Id));
        Assert.Equal(0, _node.Policy.Scores.Of(peer.Id));
    }

    [Fact]
    public async Task A_rule_that_a_light_chain_breaks_bans_its_sender()
    {
        BlockHeader[] chain = Grow(Headers.Most, "broken");
        chain[^1] = (chain[^1] with { Version = 9 }).Worked();
        await using ScriptedPeer peer = await _node.MeetAsync(ScriptedTalk.Claiming(1));
        await AnswerAsync(peer, chain, Genesis.Hash);
        Assert.Equal(Tokens.VersionMismatch, await _node.BanOfAsync(peer.Id));
        Assert.Equal(Held + 1, Kept);
    }

    [Fact]
    public async Task Headers_of_another_chain_add_nothing_to_a_chains_work()
    {
        BlockHeader[] held = Grow(Headers.Most, "held");
        BlockHeader[] light = Grow(2, "light");
        await using ScriptedPeer peer = await _node.MeetAsync(ScriptedTalk.Claiming(1));
        GetHeaders question = await peer.UntilAsync<GetHeaders>();
        await peer.SendAsync(new Headers(question.RequestId, [.. light, .. held[..^2]]));
        Assert.Equal(Tokens.ParentMismatch, await _node.BanOfAsync(peer.Id));
        Assert.Equal(Held + 1, Kept);
    }

    [Fact]
    public async Task Who_gives_another_chain_the_second_time_is_left_alone_and_nothing_of_it_is_kept()
    {
        BlockHeader[] chain = Grow(Held + 1, "shown");
        BlockHeader[] other = Grow(Headers.Most, "given");
        await using ScriptedPeer peer = await _node.MeetAsync(ScriptedTalk.Claiming(1));
        await AnswerAsync(peer, chain, Genesis.Hash);
        await AnswerAsync(peer, chain, chain[Headers.Most - 1].Hash);
        await AnswerAsync(peer, other, Genesis.Hash);
        LivePeer live = _node.Live.All.Single();
        await Eventually.TrueAsync(() => live.IsResting);
        Assert.Equal(Held + 1, Kept);
        Assert.Equal(Held, (int)_node.Chain.BestHeader.Height);
    }

    [Fact]
    public async Task Nothing_is_kept_of_who_leaves_before_his_chain_is_loaded()
    {
        BlockHeader[] chain = Grow(Held + 1, "left");
        await using ScriptedPeer peer = await _node.MeetAsync(ScriptedTalk.Claiming(1));
        await AnswerAsync(peer, chain, Genesis.Hash);
        await AnswerAsync(peer, chain, chain[Headers.Most - 1].Hash);
        await AnswerAsync(peer, chain, Genesis.Hash);
        await peer.UntilAsync<GetHeaders>();
        Assert.Equal(Held + Headers.Most + 1, Kept);

        peer.Close();
        await Eventually.TrueAsync(() => Kept == Held + 1);
        Assert.Equal(Held, (int)_node.Chain.BestHeader.Height);
    }

    [Fact]
    public async Task A_light_chain_does_not_keep_other_peers_from_being_asked()
    {
        await using ScriptedPeer light = await _node.MeetAsync(ScriptedTalk.Claiming(2));
        GetHeaders question = await light.UntilAsync<GetHeaders>();
        BlockHeader[] on = _node.Chain.HeadOf(_node.Chain.BestHeader.Hash)!.Grow(_node.Chain.Parameters, 1, "on");
        await using ScriptedPeer other = await _node.MeetAsync(ScriptedPeer.SomeHello() with { TotalWork = _node.Chain.BestHeader.TotalWork + 1 });
        await light.SendAsync(new Headers(question.RequestId, [.. Grow(Headers.Most, "light")]));

        // The clock stands still: had the first been asked again, it would be waited for.
        GetHeaders asked = await other.UntilAsync<GetHeaders>();
        await other.SendAsync(new Headers(asked.RequestId, [.. on]));
        await light.UntilAsync<GetHeaders>();
        Assert.Equal(on[0].Hash, _node.Chain.BestHeader.Hash);
        Assert.False(_node.Headers.IsBehind);
    }

    private BlockHeader[] Grow(int count, string extra) => Genesis.Grow(_node.Chain.Parameters, count, extra);

    /// <summary>Answers the next question for headers, which must name a hash, with as much of a chain as it asks for after it.</summary>
    private static async Task<GetHeaders> AnswerAsync(ScriptedPeer peer, BlockHeader[] chain, Hash256 after)
    {
        GetHeaders question = await peer.UntilAsync<GetHeaders>();
        Assert.Contains(after, question.Locator);
        int from = Array.FindIndex(chain, header => header.ParentHash == after);
        from = from < 0 ? 0 : from;
        int stop = Array.FindIndex(chain, header => header.Hash == question.Stop);
        BlockHeader[] answer = [.. chain[from..(stop < 0 ? chain.Length : stop + 1)].Take(Headers.Most)];
        await peer.SendAsync(new Headers(question.RequestId, [.. answer]));
        return question;
    }
}
