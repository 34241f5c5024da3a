using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Messages;

/// <summary>What the message decoder refuses, each with its own token.</summary>
public sealed class MessageRefusalTests
{
    private static readonly MessageCodec Codec = new(MessageSamples.Parameters);
    private static readonly Hash256 Hash = new MessageSamples(1).Hash();

    [Fact]
    public void Nothing_is_no_message() => Assert.Equal("frame-empty", Codec.Decode([]).Refusal?.Token);

    [Theory]
    [InlineData(26)]
    [InlineData(255)]
    public void An_unknown_kind_is_refused(byte kind) => Assert.Equal("message-unknown", Codec.Decode([kind, 0xC0]).Refusal?.Token);

    [Fact]
    public void Bytes_on_the_wire_are_those_of_the_protocols_text()
    {
        Assert.Equal("02c102", Convert.ToHexStringLower(Codec.Encode(new Ping(2))));
        Assert.Equal("03c3820400", Convert.ToHexStringLower(Codec.Encode(new Pong(1024))));
        Assert.Equal("10c0", Convert.ToHexStringLower(Codec.Encode(new GetMempool())));
        Assert.Equal("19cc808a6e6f742d736572766564", Convert.ToHexStringLower(Codec.Encode(new NotServed(0, "not-served"))));
        Assert.Equal("18c50782616280", Convert.ToHexStringLower(Codec.Encode(new NetworkDescription(7, "ab"u8.ToArray(), Array.Empty<byte>()))));
    }

    [Fact]
    public void Bytes_after_the_list_are_refused() => Refused("rlp-trailing-bytes", [.. Codec.Encode(new Ping(2)), 0]);

    [Fact]
    public void A_field_too_many_is_refused() => Refused("rlp-list-too-long", MessageKind.Ping, rlp => rlp.Write(1UL).Write(2UL));

    [Fact]
    public void A_field_too_few_is_refused() => Refused("rlp-list-too-short", MessageKind.GetData, rlp => rlp.Write(1UL).Write(2UL));

    [Fact]
    public void A_number_that_is_not_minimal_is_refused() => Refused("rlp-integer-leading-zero", MessageKind.Ping, rlp => rlp.Write([0, 1]));

    [Fact]
    public void More_hashes_than_a_message_has_are_refused_before_they_are_read() =>
        Refused("message-count", MessageKind.GetBlocks, rlp => Repeat(rlp.Write(1UL), GetBlocks.Most + 1, item => item.WriteEncoded([0xC0])));

    [Fact]
    public void More_addresses_than_a_message_has_are_refused() =>
        Refused("message-count", MessageKind.Addresses, rlp => Repeat(rlp.Write(1UL), Addresses.Most + 1, item => item.WriteEncoded([0xC0])));

    [Fact]
    public void Entries_beside_the_word_that_there_are_too_many_are_refused() =>
        Refused("message-count", MessageKind.StateChunk, rlp => Repeat(rlp.Write(1UL).Write(true), 1, item => item.BeginList().Write(Hash).Write([1, 2]).EndList()).BeginList().EndList());

    [Fact]
    public void State_entries_that_do_not_rise_are_refused() =>
        Refused("message-order", MessageKind.StateChunk, rlp => Repeat(rlp.Write(1UL).Write(false), 2, item => item.BeginList().Write(Hash).Write([1, 2]).EndList()).BeginList().EndList());

    [Fact]
    public void Places_that_do_not_rise_are_refused() =>
        Refused("message-order", MessageKind.GetBlockParts, rlp => Repeat(rlp.Write(1UL).Write(Hash), 2, item => item.Write(5UL)).BeginList().EndList());

    [Fact]
    public void An_agent_that_does_not_print_is_refused() => Refused("agent-not-printable", HelloWith("basilisk\u0007"u8.ToArray()));

    [Fact]
    public void An_agent_above_its_length_is_refused() => Refused("rlp-too-long", HelloWith(new byte[Hello.AgentLength + 1]));

    [Fact]
    public void A_port_above_65535_is_refused() => Refused("rlp-integer-too-large", HelloWith("a"u8.ToArray(), port: 65_536));

    [Fact]
    public void A_reason_that_does_not_print_is_refused() =>
        Refused("text-not-printable", MessageKind.Goodbye, rlp => rlp.Write("timeout"u8).Write([0xC3, 0xA4]));

    [Fact]
    public void An_address_of_five_bytes_is_refused() => Refused("address-malformed", AddressOf([1, 2, 3, 4, 5], 1));

    [Fact]
    public void An_address_without_a_port_is_refused() => Refused("address-malformed", AddressOf([1, 2, 3, 4], 0));

    [Fact]
    public void An_IPv4_address_in_IPv6_dress_is_refused() =>
        Refused("address-malformed", AddressOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4], 1));

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Content_of_an_unknown_kind_is_refused(uint kind) =>
        Refused("data-kind-unknown", MessageKind.GetData, rlp => rlp.Write(1UL).Write((ulong)kind).Write(Hash).Write(0UL));

    [Fact]
    public void A_chunk_of_several_above_64_KiB_is_refused() =>
        Refused("rlp-too-long", MessageKind.DataChunk, rlp => rlp.Write(1UL).Write(0UL).Write(2UL).Write(new byte[DataChunk.MostBytes + 1]).BeginList().EndList());

    [Fact]
    public void A_prefix_longer_than_a_key_is_refused() =>
        Refused("prefix-malformed", MessageKind.GetStateChunk, rlp => rlp.Write(1UL).Write(Hash).Write(Hash256.Zero).Write(257UL));

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void A_prefix_with_bits_behind_its_end_is_refused(uint bits) =>
        Refused("prefix-malformed", MessageKind.GetStateChunk, rlp => rlp.Write(1UL).Write(Hash).Write(new Hash256([.. Enumerable.Repeat((byte)0xFF, 32)])).Write((ulong)bits));

    [Fact]
    public void A_header_of_another_length_is_refused() =>
        Refused("rlp-wrong-length", MessageKind.Headers, rlp => Repeat(rlp.Write(1UL), 1, item => item.Write(new byte[279])));

    [Fact]
    public void A_payload_above_the_networks_cap_is_refused() =>
        Refused(
            "payload-too-large",
            MessageKind.Transactions,
            rlp => Repeat(rlp.Write(1UL), 1, item => item.BeginList().Write(new MessageSamples(1).Transaction().Encoded).Write(new byte[MessageSamples.Parameters.Caps.PayloadBytes + 1]).EndList()));

    [Fact]
    public void A_transaction_that_is_none_is_refused_by_its_own_token() =>
        Refused("transaction-type-unsupported", MessageKind.BlockParts, rlp => Repeat(rlp.Write(1UL), 1, item => item.Write([3])).BeginList().EndList());

    private static byte[] HelloWith(byte[] agent, ulong port = 1) => Frame(
        MessageKind.Hello,
        rlp => rlp.Write(1UL).Write(Hash).Write(Hash).Write(0UL).Write(0UL).Write(0UL).Write(port).Write(0UL).Write(agent));

    private static byte[] AddressOf(byte[] address, ulong port) => Frame(
        MessageKind.Addresses, rlp => Repeat(rlp.Write(1UL), 1, item => item.BeginList().Write(address).Write(port).Write(0UL).Write(0UL).EndList()));

    private static RlpWriter Repeat(RlpWriter rlp, int count, Action<RlpWriter> item)
    {
        rlp.BeginList();
        for (int i = 0; i < count; i++)
        {
            item(rlp);
        }

        return rlp.EndList();
    }

    private static byte[] Frame(MessageKind kind, Action<RlpWriter> fields)
    {
        var rlp = new RlpWriter();
        rlp.WriteEncoded([(byte)kind]).BeginList();
        fields(rlp);
        return rlp.EndList().ToArray();
    }

    private static void Refused(string token, MessageKind kind, Action<RlpWriter> fields) => Refused(token, Frame(kind, fields));

    private static void Refused(string token, byte[] frame) => Assert.Equal(token, Codec.Decode(frame).Refusal?.Token);
}
