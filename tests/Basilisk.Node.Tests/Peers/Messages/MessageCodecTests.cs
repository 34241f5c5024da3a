using System.Collections;
using System.Globalization;
using System.Reflection;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Messages;

public sealed class MessageCodecTests
{
    private static readonly MessageCodec Codec = new(MessageSamples.Parameters);

    public static TheoryData<MessageKind> Kinds => [.. MessageSamples.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_encoded_decodes_to_the_same_message_and_the_same_bytes(MessageKind kind)
    {
        var samples = new MessageSamples(1000 + (int)kind);
        for (int i = 0; i < 50; i++)
        {
            PeerMessage message = samples.Next(kind);
            byte[] bytes = Codec.Encode(message);
            Verdict<PeerMessage> decoded = Codec.Decode(bytes);
            Assert.Null(decoded.Refusal);
            Assert.Equal(Describe(message), Describe(decoded.Value));
            Assert.Equal(bytes, Codec.Encode(decoded.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_cut_of_a_message_is_refused(MessageKind kind)
    {
        byte[] bytes = Codec.Encode(new MessageSamples(2000 + (int)kind).Next(kind));
        for (int length = 0; length < bytes.Length; length += 1 + (bytes.Length / 500))
        {
            Assert.True(Codec.Decode(bytes.AsSpan(0, length)).IsRefused);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_changed_message_is_refused_or_is_another_messages_only_encoding(MessageKind kind)
    {
        var random = new Random(3000 + (int)kind);
        var samples = new MessageSamples(3000 + (int)kind);
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = Codec.Encode(samples.Next(kind));
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 400))] = (byte)random.Next(256);
            }

            Verdict<PeerMessage> decoded = Codec.Decode(bytes);
            if (decoded.Refusal is { } refusal)
            {
                Assert.NotEmpty(refusal.Token);
            }
            else
            {
                Assert.Equal(bytes, Codec.Encode(decoded.Value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_frame_above_its_kinds_cap_is_refused_by_its_length_alone(MessageKind kind)
    {
        int cap = Codec.Caps.FrameBytes(kind);
        Assert.True(cap > 0);
        Assert.Null(MessageCodec.CheckSize(kind, cap, cap));
        Refusal? refusal = MessageCodec.CheckSize(kind, cap + 1L, cap);
        Assert.Equal("frame-too-large", refusal?.Token);
        Assert.Equal((cap + 1L, cap), (refusal!.Seen, refusal.Allowed));
    }

    [Fact]
    public void The_largest_answers_fit_their_caps()
    {
        BlockCapsFit();
        var samples = new MessageSamples(4);
        Codec.Encode(new Headers(ulong.MaxValue, [.. Enumerable.Range(0, Headers.Most).Select(_ => samples.Header())]));
        Codec.Encode(new NewTransactions([.. Enumerable.Range(0, NewTransactions.Most).Select(_ => samples.Hash())]));
        Codec.Encode(new DataChunk(ulong.MaxValue, 0, 1, new byte[DataChunk.MostTokenizerBytes], []));
        Codec.Encode(new NetworkDescription(ulong.MaxValue, new byte[NetworkDescription.MostDescription], new byte[NetworkDescription.MostDescription]));
        Codec.Encode(new StateChunk(
            ulong.MaxValue,
            false,
            [.. Enumerable.Range(0, StateChunk.MostEntries).Select(_ => KeyValuePair.Create(samples.Hash(), (ReadOnlyMemory<byte>)new byte[StateChunk.MostValueBytes])).OrderBy(entry => entry.Key)],
            [.. Enumerable.Range(0, 256).Select(_ => samples.Hash())]));
    }

    [Fact]
    public void A_message_that_no_peer_would_take_is_not_encoded() =>
        Assert.Throws<ArgumentException>(() => Codec.Encode(new NewTransactions([.. Enumerable.Repeat(new MessageSamples(5).Hash(), NewTransactions.Most + 20)])));

    [Fact]
    public void Blocks_as_stored_are_the_same_answer_as_blocks()
    {
        Block block = new MessageSamples(6).Block();
        Assert.Equal(
            Codec.Encode(new Blocks(9, [block, block])),
            Codec.Encode(new EncodedBlocks(9, [BlockCodec.Encode(block), BlockCodec.Encode(block)])));
    }

    [Fact]
    public void No_payload_and_an_empty_payload_are_two_things()
    {
        Transaction transaction = new MessageSamples(9).Transaction();
        var sent = new Transactions(1, [new RelayedTransaction(transaction, null), new RelayedTransaction(transaction, ReadOnlyMemory<byte>.Empty)]);
        var received = Assert.IsType<Transactions>(Codec.Decode(Codec.Encode(sent)).Value);
        Assert.Null(received.Waiting[0].Payload);
        Assert.Equal(0, received.Waiting[1].Payload?.Length);
    }

    [Fact]
    public void A_node_without_a_network_takes_no_blocks_and_no_transactions()
    {
        var codec = new MessageCodec(MessageCaps.Bootstrap);
        foreach (MessageKind kind in new[] { MessageKind.NewBlock, MessageKind.GetBlockParts, MessageKind.BlockParts, MessageKind.Blocks, MessageKind.Transactions })
        {
            Assert.Equal("frame-too-large", codec.Decode(Codec.Encode(new MessageSamples(7).Next(kind))).Refusal?.Token);
        }

        Assert.Null(codec.Decode(Codec.Encode(new MessageSamples(7).SomeHello())).Refusal);
    }

    [Fact]
    public void A_good_bye_is_cut_and_made_printable_when_it_is_sent()
    {
        var sent = new Goodbye("timeout", "naïve\n" + new string('x', 400));
        var received = Assert.IsType<Goodbye>(Codec.Decode(Codec.Encode(sent)).Value);
        Assert.Equal("timeout", received.Token);
        Assert.Equal(("na?ve?" + new string('x', 400))[..Goodbye.DetailLength], received.Detail);
    }

    private static void BlockCapsFit()
    {
        Transaction[] one = [new MessageSamples(8).Transaction()];
        Basilisk.Chain.Parameters.BlockCaps caps = MessageSamples.Parameters.Caps;
        int transactions = (int)caps.Transactions;
        Codec.Encode(new BlockParts(
            ulong.MaxValue,
            [.. Enumerable.Repeat(one[0], transactions)],
            [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[caps.PayloadBytes], (int)caps.PayloadsPerBlock)]));
        var samples = new MessageSamples(8);
        Codec.Encode(new NewBlock(samples.Header(), [.. Enumerable.Range(0, transactions).Select(_ => samples.Hash())], [.. Enumerable.Range(0, (int)caps.PayloadsPerBlock).Select(_ => samples.Hash())]));
    }

    /// <summary>Everything a message says, so that a field that the codec forgets is missed.</summary>
    private static string Describe(object? value) => value switch
    {
        null => "null",
        ReadOnlyMemory<byte> bytes => Convert.ToHexStringLower(bytes.Span),
        string text => text,
        Block block => Convert.ToHexStringLower(BlockCodec.Encode(block)),
        BlockHeader header => header.Hash.ToString(),
        Transaction transaction => transaction.Hash.ToString(),
        System.Net.IPEndPoint endPoint => endPoint.ToString(),
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Describe)) + "]",
        PeerMessage or AdvertisedAddress or RelayedTransaction => value.GetType().Name + Describe(
            value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.GetValue(value))),
        _ => value.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal)
            ? Describe(value.GetType().GetProperties().Select(property => property.GetValue(value)))
            : Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
