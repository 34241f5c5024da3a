using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

/// <summary>How many questions may be open at once: counted when they come, and kept by who asks.</summary>
public sealed class OpenRequestsTests
{
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_of_questions_is_banned_however_slow_the_answers_are()
    {
        var never = new TaskCompletionSource();
        var time = new ManualTime(); // stands still: nothing is forgiven meanwhile
        await using TestPeers node = await TestPeers.StartAsync(time, handle: async (_, _, closed) => await never.Task.WaitAsync(closed));
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        for (ulong id = 1; id <= PeerRequest.MostOpen; id++)
        {
            await peer.SendAsync(new GetSnapshot(id));
        }

        await peer.SendAsync(new Ping(1));
        await peer.ExpectAsync<Pong>();
        Assert.Equal(0, node.Policy.Scores.Of(peer.Id));

        await peer.SendAsync(new GetSnapshot(17));
        await peer.SendAsync(new GetSnapshot(18));
        Assert.Equal("flood", (await peer.ExpectGoodbyeAsync()).Token);
        Assert.Equal("flood", node.Policy.Bans.Current.Single().Reason);
        Assert.Contains(node.Log.Lines, line => line.Message.Contains("(seen 17, allowed 16)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_asks_as_fast_as_it_is_answered_has_never_too_many_open()
    {
        await using TestPeers node = await TestPeers.StartAsync(handle: (peer, message, closed) => peer.SendAsync(new NotServed(((PeerRequest)message).RequestId, "not-served"), closed));
        await using TestPeers asker = await TestPeers.StartAsync();
        IPeer there = await asker.JoinAsync(node);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 5_000),
            new ParallelOptions { MaxDegreeOfParallelism = 8 * PeerRequest.MostOpen, CancellationToken = Cancelled },
            async (_, cancellation) => Assert.Equal("not-served", (await there.AskAsync<SnapshotOffer>(new GetSnapshot(0), cancellation)).Refusal?.Token));
        Assert.Equal(0, node.Policy.Scores.Of(asker.Identity.Id));
    }

    [Fact]
    public async Task A_question_given_up_stays_open_until_its_answer_has_come()
    {
        await using TestPeers node = await TestPeers.StartAsync(limits: new TransportLimits { OpenRequests = 1 });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task<Verdict<SnapshotOffer>> first = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), impatient.Token);
        ulong id = (await peer.ExpectAsync<GetSnapshot>()).RequestId;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Task<Verdict<SnapshotOffer>> second = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), Cancelled);
        there.TrySend(new Ping(7));
        Assert.Equal(7UL, (await peer.ExpectAsync<Ping>()).Nonce); // nothing was asked before it

        await peer.SendAsync(new NotServed(id, "not-served"));
        await peer.SendAsync(new NotServed((await peer.ExpectAsync<GetSnapshot>()).RequestId, "not-served"));
        Assert.Equal("not-served", (await second).Refusal?.Token);
        Assert.Equal(0, node.Policy.Scores.Of(peer.Id));
    }

    [Fact]
    public async Task A_peer_that_answers_nothing_is_asked_no_more_and_left()
    {
        var time = new ManualTime();
        await using TestPeers silent = await TestPeers.StartAsync(time);
        await using TestPeers asker = await TestPeers.StartAsync(time);
        IPeer there = await asker.JoinAsync(silent);
        Task<Verdict<SnapshotOffer>>[] asked = [.. Enumerable.Range(0, PeerRequest.MostOpen).Select(_ => there.AskAsync<SnapshotOffer>(new GetSnapshot(0), Cancelled))];
        Task<Verdict<SnapshotOffer>> more = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), Cancelled);
        await Eventually.TrueAsync(() => silent.Handled.Count == PeerRequest.MostOpen);

        await time.AdvanceUntilAsync(more, TimeSpan.FromSeconds(60));
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal("timeout", answer.Refusal?.Token));
        Assert.Equal("gone", (await more).Refusal?.Token);
        Task<Goodbye> end = asker.EndAsync();
        await time.AdvanceUntilAsync(end, TimeSpan.FromSeconds(10)); // the other end has a moment to hear why
        Assert.Equal("timeout", (await end).Token);
        Assert.Equal(PeerRequest.MostOpen, silent.Handled.Count);
        Assert.Equal(0, silent.Policy.Scores.Of(asker.Identity.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(PeerRequest.MostOpen + 1)]
    public void No_node_is_set_to_have_more_open_than_the_protocol_allows(int open) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransportLimits { OpenRequests = open });
}
