using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

/// <summary>Peers that break the rules, stall, or flood.</summary>
public sealed class HostilePeerTests
{
    [Theory]
    [InlineData("00000000", "frame-empty")]
    [InlineData("000000011a", "message-unknown")]
    [InlineData("00ffffff06", "frame-too-large")]
    [InlineData("ffffffff00", "frame-too-large")]
    [InlineData("0000000206c1", "rlp-truncated")]
    [InlineData("0000000302c100", "rlp-integer-leading-zero")]
    public async Task A_frame_that_is_none_closes_the_connection_and_bans(string frame, string token)
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        await peer.SendRawAsync(Convert.FromHexString(frame));
        Assert.Equal(token, (await peer.ExpectGoodbyeAsync()).Token);
        Assert.True(node.Policy.Bans.IsBanned(peer.Id));
        Assert.Equal(token, node.Policy.Bans.Current.Single().Reason);
        Assert.Equal(token, (await node.EndAsync()).Token);
    }

    [Fact]
    public async Task A_second_Hello_is_refused()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        await peer.SendAsync(ScriptedPeer.SomeHello());
        Assert.Equal("hello-repeated", (await peer.ExpectGoodbyeAsync()).Token);
    }

    [Fact]
    public async Task A_large_answer_that_nobody_asked_for_is_passed_over_unread()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        var body = new byte[8 << 20];
        body[0] = (byte)MessageKind.Blocks; // no list at all: decoding it would be an offence of another weight
        await peer.SendRawAsync(ScriptedPeer.Frame(body));
        await peer.SendAsync(new GetMempool());
        await Eventually.TrueAsync(() => !node.Handled.IsEmpty);
        Assert.Equal(20, node.Policy.Scores.Of(peer.Id), 0.1);
        Assert.False(there.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_chunk_is_no_larger_than_what_was_asked_for()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        Task<Verdict<DataChunk>> asked = there.AskAsync<DataChunk>(new GetData(0, DataKind.Corpus, default, 0), CancellationToken.None);
        ulong id = (await peer.ExpectAsync<GetData>()).RequestId;
        await peer.SendAsync(new DataChunk(id, 0, 1, new byte[100_000], []));
        Assert.Equal("frame-too-large", (await peer.ExpectGoodbyeAsync()).Token);
        Assert.Equal("gone", (await asked).Refusal?.Token);
    }

    [Fact]
    public async Task Pongs_and_answers_that_nobody_asked_for_add_up_to_a_ban()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        for (int i = 0; i < 6; i++)
        {
            await peer.SendAsync(i % 2 == 0 ? new Pong(9) : new NotServed(9, "x"));
        }

        await peer.ExpectGoodbyeAsync();
        Assert.True(node.Policy.Bans.IsBanned(peer.Id));
    }

    [Theory]
    [InlineData("000000")]
    [InlineData("0000002006")]
    public async Task A_frame_that_does_not_come_to_its_end_is_given_up(string start)
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time);
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        await SendUnfinishedAsync(peer, await node.OneAsync(), Convert.FromHexString(start));
        Task<Goodbye> end = peer.ExpectGoodbyeAsync();
        time.Advance(TimeSpan.FromSeconds(9));
        await Eventually.PauseAsync(end);
        Assert.False(end.IsCompleted);
        TimeSpan took = await time.AdvanceUntilAsync(end, TimeSpan.FromSeconds(60));
        Assert.True(took < TimeSpan.FromSeconds(60));
        Assert.Equal("stalled", (await end).Token);
    }

    [Fact]
    public async Task A_frame_that_drips_is_given_up_however_steadily_it_drips()
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time);
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        await SendUnfinishedAsync(peer, there, Convert.FromHexString("000001000f"));
        int dripped = 0;
        while (!there.Closed.IsCancellationRequested && dripped < 60)
        {
            await peer.SendRawAsync(new byte[1]);
            dripped++;
            await Eventually.PauseAsync(Task.Delay(Timeout.Infinite));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(dripped, 9, 59);
        Task<Goodbye> end = node.EndAsync();
        await time.AdvanceUntilAsync(end, TimeSpan.FromSeconds(10));
        Assert.Equal("stalled", (await end).Token);
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_pinged_and_given_up_after_ninety_seconds()
    {
        // The clock leaps: no frame on its way shall seem slow.
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time, limits: new TransportLimits { FrameGrace = TimeSpan.FromHours(1) });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        Task<Ping> pinged = peer.ExpectAsync<Ping>();
        await time.AdvanceUntilAsync(pinged, TimeSpan.FromMinutes(1));
        await peer.SendAsync(new Pong((await pinged).Nonce));
        await Eventually.TrueAsync(() => there.RoundTrip is not null);

        Task<Goodbye> end = peer.ExpectGoodbyeAsync();
        time.Advance(TimeSpan.FromSeconds(88));
        await Eventually.PauseAsync(end);
        Assert.False(end.IsCompleted);
        await time.AdvanceUntilAsync(end, TimeSpan.FromMinutes(1));
        Assert.Equal("timeout", (await end).Token);
    }

    [Fact]
    public async Task A_question_without_an_answer_is_given_up_and_the_late_answer_is_no_offence()
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time);
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        Task<Verdict<SnapshotOffer>> asked = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), CancellationToken.None);
        ulong id = (await peer.ExpectAsync<GetSnapshot>()).RequestId;
        time.Advance(TimeSpan.FromSeconds(19));
        await Eventually.PauseAsync(asked);
        Assert.False(asked.IsCompleted);
        await time.AdvanceUntilAsync(asked, TimeSpan.FromSeconds(10));
        Assert.Equal("timeout", (await asked).Refusal?.Token);

        await peer.SendAsync(new SnapshotOffer(id, default, 1, 1));
        await peer.SendAsync(new GetMempool());
        await Eventually.TrueAsync(() => !node.Handled.IsEmpty);
        Assert.Equal(0, node.Policy.Scores.Of(peer.Id));
    }

    [Fact]
    public async Task More_questions_than_may_be_open_wait_their_turn()
    {
        await using TestPeers node = await TestPeers.StartAsync(limits: new TransportLimits { OpenRequests = 2 });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        Task<Verdict<SnapshotOffer>>[] asked = [.. Enumerable.Range(0, 5).Select(_ => there.AskAsync<SnapshotOffer>(new GetSnapshot(0), CancellationToken.None))];
        GetSnapshot first = await peer.ExpectAsync<GetSnapshot>();
        GetSnapshot second = await peer.ExpectAsync<GetSnapshot>();
        Task<GetSnapshot> third = peer.ExpectAsync<GetSnapshot>();
        await Eventually.PauseAsync(third);
        Assert.False(third.IsCompleted);

        await peer.SendAsync(new SnapshotOffer(first.RequestId, default, 1, 1));
        await peer.SendAsync(new SnapshotOffer((await third).RequestId, default, 1, 1));
        await peer.SendAsync(new SnapshotOffer(second.RequestId, default, 1, 1));
        await peer.SendAsync(new SnapshotOffer((await peer.ExpectAsync<GetSnapshot>()).RequestId, default, 1, 1));
        await peer.SendAsync(new SnapshotOffer((await peer.ExpectAsync<GetSnapshot>()).RequestId, default, 1, 1));
        Assert.All(await Task.WhenAll(asked).WaitAsync(Eventually.Patience), answer => Assert.False(answer.IsRefused));
    }

    [Fact]
    public async Task More_messages_than_an_honest_node_sends_are_a_flood_and_a_habit_is_banned()
    {
        var time = new ManualTime(); // stands still: nothing is forgiven meanwhile
        await using TestPeers node = await TestPeers.StartAsync(time, limits: new TransportLimits { MessagesBurst = 20 });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        for (int i = 0; i < 42; i++)
        {
            await peer.SendAsync(new Ping(1));
        }

        Assert.Equal("flood", (await peer.ExpectGoodbyeAsync()).Token);
        Assert.True(node.Policy.Bans.IsBanned(peer.Id));
        await using ScriptedPeer again = await ScriptedPeer.ConnectAsync(node.Address, peer.Identity);
        Assert.Equal("banned", (await again.ExpectGoodbyeAsync()).Token);
    }

    [Fact]
    public async Task More_bytes_than_an_honest_node_sends_are_a_flood()
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time, limits: new TransportLimits { FloodBytesBurst = 100_000 });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        var samples = new MessageSamples(1);
        var announced = new NewTransactions([.. Enumerable.Range(0, NewTransactions.Most).Select(_ => samples.Hash())]);
        for (int i = 0; i < 4; i++)
        {
            await peer.SendAsync(announced);
        }

        await Eventually.TrueAsync(() => node.Handled.Count == 4);
        Assert.Equal(50, node.Policy.Scores.Of(peer.Id), 0.1);
    }

    [Fact]
    public async Task While_the_handler_is_busy_the_sender_waits_in_its_own_socket()
    {
        var release = new TaskCompletionSource();
        var limits = new TransportLimits { IncomingMessages = 2, MessagesBurst = 100_000, FloodBytesBurst = int.MaxValue };
        await using TestPeers node = await TestPeers.StartAsync(limits: limits, handle: async (_, _, _) => await release.Task);
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        var samples = new MessageSamples(1);
        var announced = new NewTransactions([.. Enumerable.Range(0, NewTransactions.Most).Select(_ => samples.Hash())]);
        const int count = 1000; // 33 MB: more than any buffer on the way
        int sent = 0;
        Task sending = Task.Run(async () =>
        {
            for (; sent < count; sent++)
            {
                await peer.SendAsync(announced);
            }
        });

        await Eventually.TrueAsync(() => !node.Handled.IsEmpty);
        int before = -1;
        while (Volatile.Read(ref sent) != before)
        {
            before = Volatile.Read(ref sent);
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        Assert.Single(node.Handled);
        Assert.False(sending.IsCompleted);
        Assert.True(node.Network.Counters.BytesReceived < 5 * 33_100, "The node reads on although nobody acts on it.");
        release.SetResult();
        await Eventually.TrueAsync(() => node.Handled.Count == count);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_costs_a_bounded_queue_and_then_its_connection()
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time, limits: new TransportLimits { OutgoingBytes = 200_000 });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        var samples = new MessageSamples(1);
        var announced = new NewTransactions([.. Enumerable.Range(0, NewTransactions.Most).Select(_ => samples.Hash())]);
        await FillAsync(there, announced);
        Assert.True(node.Network.Counters.Dropped > 0);

        Task waiting = there.SendAsync(announced, CancellationToken.None).AsTask();
        await Eventually.PauseAsync(waiting);
        Assert.False(waiting.IsCompleted);
        Task<Goodbye> end = node.EndAsync();
        TimeSpan took = await time.AdvanceUntilAsync(end, TimeSpan.FromMinutes(2));
        Assert.Equal("stalled", (await end).Token);
        Assert.InRange(took, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<PeerGoneException>(() => waiting);
    }

    [Fact]
    public async Task Who_cancels_a_send_or_a_question_is_released_and_the_connection_lives()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        using var cancelled = new CancellationTokenSource();
        Task<Verdict<SnapshotOffer>> asked = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), cancelled.Token);
        ulong id = (await peer.ExpectAsync<GetSnapshot>()).RequestId;
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await peer.SendAsync(new SnapshotOffer(id, default, 1, 1));
        await peer.SendAsync(new GetMempool());
        await Eventually.TrueAsync(() => !node.Handled.IsEmpty);
        Assert.Equal(0, node.Policy.Scores.Of(peer.Id));
    }

    /// <summary>Sends bytes and waits until the node has them.</summary>
    private static async Task SendUnfinishedAsync(ScriptedPeer peer, IPeer node, byte[] bytes)
    {
        long before = ((PeerConnection)node).BytesReceived;
        await peer.SendRawAsync(bytes);
        await Eventually.TrueAsync(() => ((PeerConnection)node).BytesReceived == before + bytes.Length);
    }

    /// <summary>Sends until the queue takes no more, and the sockets behind it neither.</summary>
    private static async Task FillAsync(IPeer peer, PeerMessage message)
    {
        int refused = 0;
        while (refused < 50)
        {
            refused = peer.TrySend(message) ? 0 : refused + 1;
            await Task.Delay(TimeSpan.FromMilliseconds(refused == 0 ? 0 : 2));
        }
    }
}
