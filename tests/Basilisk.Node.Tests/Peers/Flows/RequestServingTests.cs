using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Snapshots;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Flows;

public sealed class RequestServingTests
{
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Peers_beyond_those_served_at_once_wait_in_the_order_they_came()
    {
        await using TestNode node = await TestNode.StartAsync();
        var first = new TaskCompletionSource();
        var begun = new List<ulong>();
        using RequestRouter router = new RequestRouter(atOnce: 1, new RepeatedRequests(new ManualTime())).Serve<GetHeaders>(async (_, request, _) =>
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
