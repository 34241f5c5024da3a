using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Chain.Tests.Blocks;

public sealed class BlockCodecTests
{
    private static readonly BlockCaps Caps = TestNetwork.Parameters.Caps;

    [Fact]
    public void Blocks_of_a_random_chain_decode_to_themselves()
    {
        var random = new RandomChain(seed: 77, accounts: 3);
        int payloads = 0;
        for (int i = 0; i < 24; i++)
        {
            Block block = random.Step().Block;
            byte[] bytes = BlockCodec.Encode(block);
            Block decoded = BlockCodec.Decode(bytes, Caps).Value;
            Assert.Equal(block.Header, decoded.Header);
            Assert.Equal(block.Transactions, decoded.Transactions);
            Assert.Equal(bytes, BlockCodec.Encode(decoded));
            Assert.True(bytes.Length <= BlockCodec.SizeOf(block));
            payloads += decoded.Payloads.Length;
        }

        Assert.True(payloads > 0);
    }

    [Fact]
    public void Cutting_a_block_anywhere_is_refused_without_an_exception()
    {
        var chain = new TestChain();
        byte[] bytes = BlockCodec.Encode(chain.Mine(TestNetwork.Key(1).Address).Block);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.True(BlockCodec.Decode(bytes.AsSpan(0, length), Caps).IsRefused);
        }

        Assert.True(BlockCodec.Decode([.. bytes, 0], Caps).IsRefused);
    }

    [Fact]
    public void A_block_above_the_cap_is_refused_before_it_is_read() =>
        Assert.Equal(Tokens.BlockTooLarge, BlockCodec.Decode(new byte[Caps.BlockBytes + 1], Caps).Refusal?.Token);

    [Fact]
    public void Too_many_transactions_are_refused()
    {
        var chain = new TestChain();
        byte[] transaction = chain.Call(TestNetwork.Key(1), new CommitCall(default, default)).Encode();
        byte[] bytes = Frame([.. Enumerable.Repeat(transaction, (int)Caps.Transactions + 1)], []);
        Assert.Equal(Tokens.TransactionCount, BlockCodec.Decode(bytes, Caps).Refusal?.Token);
    }

    [Fact]
    public void Too_many_payloads_are_refused() =>
        Assert.Equal(Tokens.PayloadCount, BlockCodec.Decode(Frame([], [[1], [2], [3], [4], [5]]), Caps).Refusal?.Token);

    [Fact]
    public void A_payload_above_the_cap_is_refused() =>
        Assert.Equal(Tokens.PayloadTooLarge, BlockCodec.Decode(Frame([], [new byte[Caps.PayloadBytes + 1]]), Caps).Refusal?.Token);

    [Fact]
    public void Genesis_carries_the_hash_of_the_parameters()
    {
        Block genesis = Block.Genesis(TestNetwork.Parameters);
        Assert.Equal(TestNetwork.Parameters.Hash, new Hash256(genesis.Header.ExtraData.Bytes));
        Assert.Equal(0UL, genesis.Height);
        Assert.Equal(genesis.Header, BlockCodec.Decode(BlockCodec.Encode(genesis), Caps).Value.Header);
        NetworkParameters other = TestNetwork.Parameters with { ChainId = 9 };
        Assert.NotEqual(genesis.Hash, Block.Genesis(other).Hash);
    }

    /// <summary>Expected values of RFC 6962's shape, worked out by hand from its definition.</summary>
    [Fact]
    public void The_root_over_three_hashes_splits_two_and_one()
    {
        Hash256 a = TestNetwork.HashOf("a"), b = TestNetwork.HashOf("b"), c = TestNetwork.HashOf("c");
        Hash256 left = Node(Leaf(a), Leaf(b));
        Assert.Equal(Hash256.Zero, MerkleRoot.Of([]));
        Assert.Equal(Leaf(a), MerkleRoot.Of([a]));
        Assert.Equal(Node(left, Leaf(c)), MerkleRoot.Of([a, b, c]));
        Assert.Equal(Node(Node(left, Node(Leaf(c), Leaf(a))), Leaf(b)), MerkleRoot.Of([a, b, c, a, b]));
    }

    private static Hash256 Leaf(Hash256 hash) => Keccak256.Hash([0, .. hash.ToArray()]);

    private static Hash256 Node(Hash256 left, Hash256 right) => Keccak256.Hash([1, .. left.ToArray(), .. right.ToArray()]);

    private static byte[] Frame(byte[][] transactions, byte[][] payloads)
    {
        var rlp = new RlpWriter();
        rlp.BeginList().Write(Block.Genesis(TestNetwork.Parameters).Header.Encode()).BeginList();
        foreach (byte[] transaction in transactions)
        {
            rlp.Write(transaction);
        }

        rlp.EndList().BeginList();
        foreach (byte[] payload in payloads)
        {
            rlp.Write(payload);
        }

        return rlp.EndList().EndList().ToArray();
    }
}
