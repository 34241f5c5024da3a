using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

/// <summary>What two honest nodes do with a connection.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Two_nodes_connect_and_know_each_other_by_key_and_Hello()
    {
        await using TestPeers one = await TestPeers.StartAsync();
        await using TestPeers two = await TestPeers.StartAsync();
        IPeer there = await one.JoinAsync(two);
        IPeer here = await two.OneAsync();

        Assert.Equal((two.Identity.Id, one.Identity.Id), (there.Id, here.Id));
        Assert.Equal((false, true), (there.IsInbound, here.IsInbound));
        Assert.Equal((ushort)two.Address.Port, there.Hello.ListenPort);
        Assert.Equal(two.Address, there.Remote);
        Assert.Equal([there], one.Network.Peers);
        Assert.Equal([there], one.Connected);
    }

    [Fact]
    public async Task Both_ask_and_answer_at_once_and_every_answer_finds_its_question()
    {
        await using TestPeers one = await TestPeers.StartAsync(handle: AnswerAsync);
        await using TestPeers two = await TestPeers.StartAsync(handle: AnswerAsync);
        IPeer there = await one.JoinAsync(two);
        IPeer here = await two.OneAsync();

        IEnumerable<Task<Verdict<SnapshotOffer>>> asked = Enumerable.Range(0, 200)
            .Select(i => (i % 2 == 0 ? there : here).AskAsync<SnapshotOffer>(new GetSnapshot(0), CancellationToken.None));
        Verdict<SnapshotOffer>[] answers = await Task.WhenAll(asked).WaitAsync(Eventually.Patience);

        Assert.All(answers, answer => Assert.Equal(answer.Value.RequestId, answer.Value.Height));
        Assert.Equal(100, answers.Where((_, i) => i % 2 == 0).Select(answer => answer.Value.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task A_handler_may_ask_the_peer_whose_message_it_handles()
    {
        var heights = new TaskCompletionSource<ulong>();
        await using TestPeers one = await TestPeers.StartAsync(handle: AnswerAsync);
        await using TestPeers two = await TestPeers.StartAsync(handle: async (peer, _, cancellation) =>
            heights.SetResult((await peer.AskAsync<SnapshotOffer>(new GetSnapshot(0), cancellation)).Value.Height));
        IPeer there = await one.JoinAsync(two);

        Assert.True(there.TrySend(new GetMempool()));
        Assert.Equal(1UL, await heights.Task.WaitAsync(Eventually.Patience));
    }

    [Fact]
    public async Task Megabytes_cross_in_both_directions_and_in_order()
    {
        var samples = new MessageSamples(1);
        NewTransactions[] sent = [.. Enumerable.Range(0, 200).Select(_ => new NewTransactions([.. Enumerable.Range(0, NewTransactions.Most).Select(_ => samples.Hash())]))];
        await using TestPeers one = await TestPeers.StartAsync();
        await using TestPeers two = await TestPeers.StartAsync();
        IPeer there = await one.JoinAsync(two);
        IPeer here = await two.OneAsync();

        await Task.WhenAll(SendAllAsync(there, sent), SendAllAsync(here, sent)).WaitAsync(Eventually.Patience);
        await Eventually.TrueAsync(() => one.Handled.Count == sent.Length && two.Handled.Count == sent.Length);

        Assert.Equal(sent.Select(message => message.Hashes[0]), one.Handled.Select(handled => ((NewTransactions)handled.Message).Hashes[0]));
        Assert.Equal(sent.Select(message => message.Hashes[^1]), two.Handled.Select(handled => ((NewTransactions)handled.Message).Hashes[^1]));
        Assert.Equal(two.Network.Counters.BytesReceived, one.Network.Counters.BytesSent);
    }

    [Fact]
    public async Task What_is_not_served_and_what_is_of_another_kind_are_no_answers()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();

        Task<Verdict<SnapshotOffer>> first = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), CancellationToken.None);
        await peer.SendAsync(new NotServed((await peer.ExpectAsync<GetSnapshot>()).RequestId, "not-served"));
        Assert.Equal("not-served", (await first.WaitAsync(Eventually.Patience)).Refusal?.Token);

        Task<Verdict<SnapshotOffer>> second = there.AskAsync<SnapshotOffer>(new GetSnapshot(0), CancellationToken.None);
        Task<Verdict<Headers>> third = there.AskAsync<Headers>(new GetHeaders(0, [], default), CancellationToken.None);
        GetSnapshot asked = await peer.ExpectAsync<GetSnapshot>();
        await peer.ExpectAsync<GetHeaders>();
        await peer.SendAsync(new Headers(asked.RequestId, []));
        Assert.Equal("wrong-answer", (await second.WaitAsync(Eventually.Patience)).Refusal?.Token);
        await Eventually.TrueAsync(() => Math.Abs(node.Policy.Scores.Of(peer.Id) - 20) < 0.1); // reported once the asker has his refusal

        peer.Close();
        Assert.Equal("gone", (await third.WaitAsync(Eventually.Patience)).Refusal?.Token);
    }

    [Fact]
    public async Task Good_bye_is_heard_with_its_token_and_ends_both_sides()
    {
        await using TestPeers one = await TestPeers.StartAsync();
        await using TestPeers two = await TestPeers.StartAsync();
        IPeer there = await one.JoinAsync(two);
        IPeer here = await two.OneAsync();

        there.Close("stalled", "Blocks do not come.");

        Assert.Equal(new Goodbye("stalled", "Blocks do not come."), await two.EndAsync());
        Assert.Equal("stalled", (await one.EndAsync()).Token);
        Assert.True(there.Closed.IsCancellationRequested && here.Closed.IsCancellationRequested);
        Assert.Empty(one.Network.Peers);
        Assert.False(there.TrySend(new GetMempool()));
        await Assert.ThrowsAsync<PeerGoneException>(async () => await there.SendAsync(new GetMempool(), CancellationToken.None));
        Assert.Equal("gone", (await there.AskAsync<SnapshotOffer>(new GetSnapshot(0), CancellationToken.None)).Refusal?.Token);
    }

    [Fact]
    public async Task A_node_that_stops_says_so()
    {
        await using TestPeers one = await TestPeers.StartAsync();
        await using TestPeers two = await TestPeers.StartAsync();
        await one.JoinAsync(two);
        await two.OneAsync();
        using var patience = new CancellationTokenSource(Eventually.Patience);
        await one.Network.StopAsync(patience.Token);
        Assert.False(patience.IsCancellationRequested);
        Assert.Equal("stopping", (await two.EndAsync()).Token);
    }

    [Fact]
    public async Task A_failing_handler_closes_its_connection_and_no_other()
    {
        await using TestPeers node = await TestPeers.StartAsync(handle: (_, _, _) => throw new InvalidOperationException("a bug"));
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        await using ScriptedPeer other = await ScriptedPeer.JoinAsync(node.Address);
        await peer.SendAsync(new GetMempool());
        Assert.Equal("internal", (await peer.ExpectGoodbyeAsync()).Token);
        Assert.Contains(node.Log.Lines, line => line.Id == 1906 && line.Error?.Message == "a bug");
        Assert.Equal(other.Id, (await node.OneAsync()).Id);
    }

    [Fact]
    public async Task Addresses_that_nobody_asked_for_are_an_announcement_under_id_0()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        await peer.SendAsync(new Addresses(0, [new AdvertisedAddress(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 30545), PeerServices.Blocks, 1)]));
        await Eventually.TrueAsync(() => !node.Handled.IsEmpty);
        Assert.IsType<Addresses>(node.Handled.First().Message);
        Assert.Equal(0, node.Policy.Scores.Of(peer.Id));
    }

    [Fact]
    public async Task Nobody_listens_there_and_somebody_who_speaks_no_TLS()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        using System.Net.Sockets.Socket closed = ScriptedPeer.Listen();
        var address = (IPEndPoint)closed.LocalEndPoint!;
        Task<Verdict<IPeer>> dialling = node.DialAsync(address);
        using (System.Net.Sockets.Socket accepted = await closed.AcceptAsync())
        {
            await accepted.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        }

        Assert.Equal("tls-failed", (await dialling).Refusal?.Token);
        closed.Dispose();
        Assert.Equal("unreachable", (await node.DialAsync(address)).Refusal?.Token);
    }

    private static async ValueTask AnswerAsync(IPeer peer, PeerMessage message, CancellationToken cancellation)
    {
        if (message is GetSnapshot request)
        {
            await peer.SendAsync(new SnapshotOffer(request.RequestId, default, request.RequestId, 0), cancellation);
        }
    }

    private static async Task SendAllAsync(IPeer peer, IEnumerable<PeerMessage> messages)
    {
        foreach (PeerMessage message in messages)
        {
            await peer.SendAsync(message, CancellationToken.None);
        }
    }
}
