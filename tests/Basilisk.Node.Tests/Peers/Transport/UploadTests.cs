using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

/// <summary>How fast peers are served: answers wait for the line, and nothing else does.</summary>
public sealed class UploadTests
{
    private const int SlowKib = 256;
    private const int ChunksAtOnce = 5; // of 64 KiB: a second's worth, and the one that goes beyond it

    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_line_lets_through_a_second_s_worth_and_then_its_rate_in_the_order_that_was_asked()
    {
        var rate = new UploadRate(bytesPerSecond: 100, _time);
        Assert.True(rate.WaitAsync(150, Cancelled).IsCompletedSuccessfully, "one answer is sent whole, however large, while the line is free");
        Task first = rate.WaitAsync(100, Cancelled).AsTask();
        Task small = rate.WaitAsync(1, Cancelled).AsTask();
        Assert.False(first.IsCompleted || small.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await first;
        Assert.False(small.IsCompleted, "the small one does not overtake");
        _time.Advance(TimeSpan.FromSeconds(1));
        await small;

        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(rate.WaitAsync(100, Cancelled).IsCompletedSuccessfully && rate.WaitAsync(1, Cancelled).IsCompletedSuccessfully);
        Assert.False(rate.WaitAsync(1, Cancelled).IsCompleted, "a quiet hour is worth a second");
    }

    [Fact]
    public async Task Who_gives_up_waiting_owes_nothing()
    {
        var rate = new UploadRate(bytesPerSecond: 100, _time);
        await rate.WaitAsync(150, Cancelled);
        using var gone = new CancellationTokenSource();
        Task left = rate.WaitAsync(1_000_000, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(TimeSpan.FromSeconds(0.5), rate.Take(1));
    }

    [Fact]
    public void An_honest_node_alone_is_answered_in_time_by_default_whatever_it_asks()
    {
        UploadRate line = Upload.OfPeer(new PeerOptions(), _time);
        long largest = MessageCaps.Of(MessageSamples.Parameters).FrameBytes(MessageKind.Blocks);
        TimeSpan last = TimeSpan.Zero;
        for (int request = 0; request < PeerRequest.MostOpen; request++)
        {
            last = line.Take(largest);
        }

        Assert.InRange(last, TimeSpan.Zero, new TransportLimits().Answer / 2);
    }

    [Fact]
    public async Task Who_downloads_beyond_his_rate_waits_without_an_offence_and_holds_up_nobody()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(time: _time, options: new PeerOptions { UploadPerPeerKib = SlowKib });
        await using ScriptedPeer greedy = await node.MeetAsync();
        for (ulong id = 1; id <= ChunksAtOnce + 2; id++)
        {
            await greedy.SendAsync(Chunk(node, id));
        }

        for (ulong id = 1; id <= ChunksAtOnce; id++)
        {
            Assert.Equal(id, (await AnswerAsync(greedy)).RequestId);
        }

        Task<DataChunk> next = AnswerAsync(greedy);
        await using ScriptedPeer other = await node.MeetAsync();
        await other.SendAsync(Chunk(node, 1));
        await AnswerAsync(other); // the one place of the router is free
        Assert.False(next.IsCompleted);

        await _time.AdvanceUntilAsync(next, TimeSpan.FromSeconds(3));
        Task<DataChunk> last = AnswerAsync(greedy);
        await _time.AdvanceUntilAsync(last, TimeSpan.FromSeconds(3));
        Assert.Equal(ChunksAtOnce + 2UL, (await last).RequestId);
        Assert.Equal(0, node.Policy.Scores.Of(greedy.Id));
    }

    [Fact]
    public async Task What_all_peers_are_served_is_bounded_and_who_leaves_gives_his_place_to_the_others()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(time: _time, options: new PeerOptions { UploadKib = SlowKib });
        await using ScriptedPeer gone = await node.MeetAsync();
        for (ulong id = 1; id <= ChunksAtOnce + 1; id++)
        {
            await gone.SendAsync(Chunk(node, id));
        }

        for (ulong id = 1; id <= ChunksAtOnce; id++)
        {
            await AnswerAsync(gone);
        }

        await using ScriptedPeer other = await node.MeetAsync();
        await other.SendAsync(Chunk(node, 1));
        Task<DataChunk> waiting = AnswerAsync(other);
        await Eventually.PauseAsync(waiting);
        Assert.False(waiting.IsCompleted, "the line is one");

        gone.Close();
        await _time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(3));
        await Eventually.TrueAsync(() => node.Live.All.Count == 1);
    }

    [Fact]
    public async Task What_the_node_says_of_its_own_accord_does_not_wait_behind_a_download()
    {
        await using TestPeers node = await TestPeers.StartAsync(_time, new PeerOptions { UploadPerPeerKib = SlowKib });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        IPeer there = await node.OneAsync();
        var answer = new DataChunk(1, 0, 1, new byte[2 * SlowKib * 1024], []);
        await there.SendAsync(answer, Cancelled);
        Task second = there.SendAsync(answer, Cancelled).AsTask();
        Assert.True(there.TrySend(new Ping(7)));
        await peer.ExpectAsync<DataChunk>();
        Assert.Equal(7UL, (await peer.ExpectAsync<Ping>()).Nonce);
        Assert.False(second.IsCompleted);

        there.Close(PeerTokens.Stopping, "");
        await Assert.ThrowsAsync<PeerGoneException>(() => second);
    }

    private static GetData Chunk(PeeredNode node, ulong id) => new(id, DataKind.Corpus, node.Node.Network.Artefacts.Corpus.Root, 0);

    /// <summary>The next answer; what the node asks or says itself is passed over.</summary>
    private static async Task<DataChunk> AnswerAsync(ScriptedPeer peer)
    {
        while (true)
        {
            if (await peer.ReceiveAsync() is DataChunk chunk)
            {
                return chunk;
            }
        }
    }
}
