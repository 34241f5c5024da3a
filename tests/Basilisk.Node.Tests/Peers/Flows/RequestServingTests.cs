using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Tests.Snapshots;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Flows;

public sealed class RequestServingTests
{
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_for_the_same_headers_again_and_again_is_banned()
    {
        await using PeeredNode node = await PeeredNode.StartAsync();
        await node.Node.MineAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        for (ulong id = 1; id <= 1 + (4 * (HeaderServing.RepeatedBurst + 1)); id++)
        {
            await peer.SendAsync(new GetHeaders(id, [], Hash256.Zero));
        }

        Assert.Equal(PeerTokens.Flood, await node.BanOfAsync(peer.Id));
    }

    [Fact]
    public async Task Who_synchronises_may_ask_as_fast_as_he_is_answered()
    {
        await using TestNode node = await TestNode.StartAsync();
        for (int block = 0; block <= HeaderServing.RepeatedBurst; block++)
        {
            await node.MineAsync();
        }

        var peer = new ServingPeer(node);
        var chain = new PeerChain(node.Chainstate);
        var serving = new HeaderServing(chain, new ManualTime());
        IReadOnlyList<Chain.Blocks.BlockHeader> headers = chain.HeadersAfter([], Hash256.Zero, Headers.Most);
        foreach (Chain.Blocks.BlockHeader header in headers)
        {
            var answer = Assert.IsType<Headers>(await serving.AnswerAsync(peer, new GetHeaders(1, [header.ParentHash], header.Hash), Cancelled));
            Assert.Equal([header], answer.Chain);
        }

        Assert.Empty(peer.Offences);
    }

    [Fact]
    public async Task Asking_for_the_tip_now_and_then_is_no_offence()
    {
        await using TestNode node = await TestNode.StartAsync();
        var time = new ManualTime();
        var peer = new ServingPeer(node);
        var serving = new HeaderServing(new PeerChain(node.Chainstate), time);
        for (int question = 0; question < 4 * HeaderServing.RepeatedBurst; question++)
        {
            await serving.AnswerAsync(peer, new GetHeaders(1, [], Hash256.Zero), Cancelled);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(peer.Offences);
        for (int question = 0; question <= HeaderServing.RepeatedBurst; question++)
        {
            await serving.AnswerAsync(peer, new GetHeaders(1, [], Hash256.Zero), Cancelled);
        }

        Assert.Equal([(Offence.Flood, PeerTokens.Flood)], peer.Offences);
    }

    [Fact]
    public async Task Peers_beyond_those_served_at_once_wait_in_the_order_they_came()
    {
        await using TestNode node = await TestNode.StartAsync();
        var first = new TaskCompletionSource();
        var begun = new List<ulong>();
        using RequestRouter router = new RequestRouter(atOnce: 1).Serve<GetHeaders>(async (_, request, _) =>
        {
            begun.Add(request.RequestId);
            await (request.RequestId == 1 ? first.Task : Task.CompletedTask);
            return new Headers(request.RequestId, []);
        });
        var peer = new ServingPeer(node);
        Task<PeerAnswer>[] answers = [.. new ulong[] { 1, 2, 3 }.Select(id => router.AnswerAsync(peer, new GetHeaders(id, [], Hash256.Zero), Cancelled))];
        using var gone = new CancellationTokenSource();
        Task<PeerAnswer> left = router.AnswerAsync(peer, new GetHeaders(4, [], Hash256.Zero), gone.Token);
        Assert.Equal([1UL], begun);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        first.SetResult();
        await Task.WhenAll(answers);
        Assert.Equal([1UL, 2UL, 3UL], begun);
    }
}
