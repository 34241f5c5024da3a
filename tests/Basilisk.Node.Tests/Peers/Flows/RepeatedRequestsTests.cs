using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
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

/// <summary>Who asks for the same again and again, and who only asks much.</summary>
public sealed class RepeatedRequestsTests
{
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    public static TheoryData<MessageKind> ByName => [MessageKind.GetBlocks, MessageKind.GetBlockParts, MessageKind.GetData, MessageKind.GetSnapshot, MessageKind.GetStateChunk, MessageKind.GetNetwork];

    [Theory]
    [MemberData(nameof(ByName))]
    public async Task Who_asks_for_the_same_thing_again_and_again_is_banned(MessageKind kind)
    {
        var time = new ManualTime(); // stands still: nothing is forgiven meanwhile
        await using PeeredNode node = await PeeredNode.StartAsync(time: time);
        await node.Node.MineAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        ulong asked = await AskUntilEndedAsync(peer, id => Ask(kind, id, node));

        // Two offences are a ban: what a thing may be asked for, twice what may be repeated at once, and once too often each time.
        Assert.Equal(RepeatedRequests.TimesPerThing + (2UL * (RepeatedRequests.Burst + 1)), asked);
        Assert.Equal(PeerTokens.Flood, await node.BanOfAsync(peer.Id));
    }

    [Fact]
    public async Task Who_asks_for_the_same_headers_again_and_again_is_banned()
    {
        var time = new ManualTime();
        await using PeeredNode node = await PeeredNode.StartAsync(time: time);
        await node.Node.MineAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        Assert.Equal(1 + (2UL * (RepeatedRequests.Burst + 1)), await AskUntilEndedAsync(peer, id => new GetHeaders(id, [], Hash256.Zero)));
        Assert.Equal(PeerTokens.Flood, await node.BanOfAsync(peer.Id));
        Assert.Contains(node.Log.Lines, line => line.Message.Contains("(seen 65, allowed 64)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_synchronises_may_ask_for_headers_as_fast_as_he_is_answered()
    {
        await using TestNode node = await TestNode.StartAsync();
        for (int block = 0; block <= RepeatedRequests.Burst; block++)
        {
            await node.MineAsync();
        }

        var peer = new ServingPeer(node);
        var chain = new PeerChain(node.Chainstate);
        using RequestRouter router = new RequestRouter(1, new RepeatedRequests(new ManualTime())).Serve<GetHeaders>(new HeaderServing(chain).AnswerAsync);
        foreach (BlockHeader header in chain.HeadersAfter([], Hash256.Zero, Headers.Most))
        {
            var answer = Assert.IsType<Headers>(await router.AnswerAsync(peer, new GetHeaders(1, [header.ParentHash], header.Hash), Cancelled));
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
        using RequestRouter router = new RequestRouter(1, new RepeatedRequests(time)).Serve<GetHeaders>(new HeaderServing(new PeerChain(node.Chainstate)).AnswerAsync);
        for (int question = 0; question < 4 * RepeatedRequests.Burst; question++)
        {
            await router.AnswerAsync(peer, new GetHeaders(1, [], Hash256.Zero), Cancelled);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(peer.Offences);
        for (int question = 0; question <= RepeatedRequests.Burst; question++)
        {
            await router.AnswerAsync(peer, new GetHeaders(1, [], Hash256.Zero), Cancelled);
        }

        Assert.Equal([(Offence.Flood, PeerTokens.Flood)], peer.Offences);
    }

    [Fact]
    public async Task Who_fetches_everything_as_often_as_a_failing_synchronisation_does_is_never_told_off()
    {
        await using TestNode node = await TestNode.StartAsync();
        var peer = new ServingPeer(node);
        var repeated = new RepeatedRequests(new ManualTime());
        var samples = new MessageSamples(1);
        ImmutableArray<Hash256> things = [.. Enumerable.Range(0, 500).Select(_ => samples.Hash())];
        for (int time = 0; time < RepeatedRequests.TimesPerThing; time++)
        {
            foreach (Hash256 thing in things)
            {
                repeated.Note(peer, new GetData(1, DataKind.Checkpoint, thing, 3), new NotServed(1, PeerTokens.NotServed));
                repeated.Note(peer, new GetBlocks(1, [thing]), new EncodedBlocks(1, [default]));
                repeated.Note(peer, new GetStateChunk(1, thing, thing, 256), new StateChunk(1, TooMany: true, [], []));
            }
        }

        Assert.Empty(peer.Offences);
    }

    [Fact]
    public async Task Blocks_that_did_not_fit_into_an_answer_may_be_asked_for_again()
    {
        await using TestNode node = await TestNode.StartAsync();
        var peer = new ServingPeer(node);
        var repeated = new RepeatedRequests(new ManualTime());
        var samples = new MessageSamples(1);
        ImmutableArray<Hash256> blocks = [.. Enumerable.Range(0, GetBlocks.Most).Select(_ => samples.Hash())];
        for (int time = 0; time < RepeatedRequests.TimesPerThing; time++)
        {
            for (int first = 0; first < blocks.Length; first++)
            {
                repeated.Note(peer, new GetBlocks(1, blocks[first..]), new EncodedBlocks(1, [default]));
            }
        }

        Assert.Empty(peer.Offences);
        repeated.Note(peer, new GetBlocks(1, blocks), new EncodedBlocks(1, [.. blocks.Select(_ => default(ReadOnlyMemory<byte>))]));
        Assert.Empty(peer.Offences);
        repeated.Note(peer, new GetBlocks(1, blocks), new EncodedBlocks(1, [default]));
        Assert.Equal([(Offence.Flood, PeerTokens.Flood)], peer.Offences);
    }

    [Fact]
    public async Task What_is_remembered_of_a_peer_is_bounded_and_the_newest()
    {
        await using TestNode node = await TestNode.StartAsync();
        var peer = new ServingPeer(node);
        var repeated = new RepeatedRequests(new ManualTime());
        void Ask(int index) => repeated.Note(peer, new GetData(1, DataKind.Corpus, Hash256.Zero, (uint)index), new NotServed(1, PeerTokens.NotServed));
        for (int time = 0; time < RepeatedRequests.TimesPerThing; time++)
        {
            Ask(0);
        }

        for (int other = 1; other <= RepeatedRequests.MostRemembered; other++)
        {
            Ask(other);
        }

        for (int time = 0; time < RepeatedRequests.TimesPerThing + RepeatedRequests.Burst; time++)
        {
            Ask(0);
        }

        Assert.Empty(peer.Offences);
        Ask(0);
        Assert.Equal([(Offence.Flood, PeerTokens.Flood)], peer.Offences);
    }

    private static PeerRequest Ask(MessageKind kind, ulong id, PeeredNode node) => kind switch
    {
        MessageKind.GetBlocks => new GetBlocks(id, [node.Tip]),
        MessageKind.GetBlockParts => new GetBlockParts(id, node.Tip, [], []),
        MessageKind.GetData => new GetData(id, DataKind.Corpus, node.Node.Network.Artefacts.Corpus.Root, 0),
        MessageKind.GetSnapshot => new GetSnapshot(id),
        MessageKind.GetStateChunk => new GetStateChunk(id, node.Tip, Hash256.Zero, 0),
        MessageKind.GetNetwork => new GetNetwork(id),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not asked for by name."),
    };

    /// <summary>Asks, waits for the answer and asks again until the node says good-bye; how often it was asked.</summary>
    private static async Task<ulong> AskUntilEndedAsync(ScriptedPeer peer, Func<ulong, PeerRequest> ask)
    {
        for (ulong id = 1; ; id++)
        {
            await peer.SendAsync(ask(id));
            while (await peer.ReceiveAsync() is var message && message is not PeerAnswer)
            {
                if (message is Goodbye)
                {
                    return id;
                }
            }
        }
    }
}
