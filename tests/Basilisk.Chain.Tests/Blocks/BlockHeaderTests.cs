using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Tests.Support;
using Xunit;

namespace Basilisk.Chain.Tests.Blocks;

public sealed class BlockHeaderTests
{
    private static readonly BlockHeader Header = new(
        1,
        TestNetwork.HashOf("parent"),
        7,
        8,
        new CompactTarget(0x1D00_FFFF),
        new Address([.. Enumerable.Range(1, 20).Select(i => (byte)i)]),
        TestNetwork.HashOf("transactions"),
        TestNetwork.HashOf("state"),
        TestNetwork.HashOf("model"),
        TestNetwork.HashOf("rounds"),
        TestNetwork.HashOf("sidecar"),
        new ExtraData("hello"u8),
        0x0102_0304_0506_0708);

    [Fact]
    public void Every_field_lies_at_its_place()
    {
        byte[] bytes = Header.Encode();
        Assert.Equal(280, bytes.Length);
        Assert.Equal([0, 0, 0, 1], bytes[..4]);
        Assert.Equal(Header.ParentHash.ToArray(), bytes[4..36]);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8], bytes[36..52]);
        Assert.Equal([0x1D, 0, 0xFF, 0xFF], bytes[52..56]);
        Assert.Equal(Header.Miner.ToArray(), bytes[56..76]);
        Assert.Equal(Header.TransactionsRoot.ToArray(), bytes[76..108]);
        Assert.Equal(Header.StateRoot.ToArray(), bytes[108..140]);
        Assert.Equal(Header.ModelRoot.ToArray(), bytes[140..172]);
        Assert.Equal(Header.RoundsRoot.ToArray(), bytes[172..204]);
        Assert.Equal(Header.SidecarRoot.ToArray(), bytes[204..236]);
        Assert.Equal([0, 0, 0, 5, .. "hello"u8], bytes[236..245]);
        Assert.All(bytes[245..272], value => Assert.Equal(0, value));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], bytes[272..]);
    }

    [Fact]
    public void The_nonce_lies_alone_in_the_last_block_of_the_sponge()
    {
        Assert.Equal(0, BlockHeader.PrefixSize % Keccak256.Rate);
        Assert.Equal(Header.Encode()[..272], Header.PrefixForMining());
        Assert.Equal(Keccak256.HashJoined(Header.PrefixForMining(), [1, 2, 3, 4, 5, 6, 7, 8]), Header.Hash);
    }

    [Fact]
    public void A_decoded_header_is_the_encoded_one()
    {
        BlockHeader decoded = HeaderCodec.Decode(Header.Encode()).Value;
        Assert.Equal(Header.Encode(), decoded.Encode());
        Assert.Equal(Header, decoded);
        Assert.Equal(Header.Hash, decoded.Hash);
    }

    [Fact]
    public void A_changed_copy_has_its_own_hash()
    {
        _ = Header.Hash;
        Assert.NotEqual(Header.Hash, (Header with { Nonce = 9 }).Hash);
    }

    [Theory]
    [InlineData(279)]
    [InlineData(281)]
    [InlineData(0)]
    public void Other_lengths_are_refused(int length) =>
        Assert.Equal(Tokens.HeaderLength, HeaderCodec.Decode(new byte[length]).Refusal?.Token);

    [Fact]
    public void Extra_data_above_32_bytes_is_refused()
    {
        byte[] bytes = Header.Encode();
        bytes[239] = 33;
        Assert.Equal(Tokens.HeaderExtraLength, HeaderCodec.Decode(bytes).Refusal?.Token);
    }

    [Fact]
    public void Bytes_behind_the_extra_data_are_refused()
    {
        byte[] bytes = Header.Encode();
        bytes[271] = 1;
        Assert.Equal(Tokens.HeaderExtraPadding, HeaderCodec.Decode(bytes).Refusal?.Token);
    }
}
