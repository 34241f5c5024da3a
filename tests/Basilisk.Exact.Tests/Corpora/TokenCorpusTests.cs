using System.Buffers.Binary;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Exact.Tests.Corpora;

public sealed class TokenCorpusTests
{
    private static readonly TokenCorpus Sample = new(500, [.. Enumerable.Range(0, 100_003).Select(i => (ushort)(i * 7 % 500))], 50);

    [Fact]
    public void Decoding_undoes_encoding_and_keeps_the_root()
    {
        byte[] bytes = CorpusCodec.Encode(Sample);
        Assert.True(CorpusCodec.TryDecode(bytes, 200_000, out TokenCorpus? decoded, out _));
        Assert.Equal((500, 50, 100_003), (decoded.Vocabulary, decoded.HoldoutPermille, decoded.Count));
        Assert.True(Sample.Tokens.Span.SequenceEqual(decoded.Tokens.Span));
        Assert.Equal(Sample.Root, decoded.Root);
        using var stream = new MemoryStream();
        CorpusCodec.Write(Sample, stream);
        Assert.Equal(bytes, stream.ToArray());
    }

    [Fact]
    public void The_holdout_is_the_share_at_the_end()
    {
        Assert.Equal(5000, Sample.Holdout.Length);
        Assert.Equal(95_003, Sample.Training.Length);
        Assert.Equal(Sample.Tokens.Span[95_003], Sample.Holdout.Span[0]);
        Assert.Equal(0, new TokenCorpus(500, [1, 2, 3], 0).Holdout.Length);
    }

    [Fact]
    public void Each_shard_is_proven_against_the_root()
    {
        byte[] bytes = CorpusCodec.Encode(Sample);
        MerkleTree tree = CorpusCodec.Tree(Sample);
        Assert.Equal(4, tree.LeafCount);
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> shard = bytes.AsSpan(i * ChunkedBytes.ChunkSize, ChunkedBytes.ChunkLength(bytes.Length, i));
            Assert.True(MerkleTree.Verify(Sample.Root, MerkleTree.LeafHash(shard), tree.Prove(i)));
        }
    }

    [Theory]
    [InlineData(0, 0u, "corpus-magic-unknown")]
    [InlineData(4, 2u, "corpus-version-unknown")]
    [InlineData(4, 0x03E8_0001u, "corpus-holdout-invalid")]
    [InlineData(8, 0u, "corpus-vocabulary-invalid")]
    [InlineData(8, 65_537u, "corpus-vocabulary-invalid")]
    [InlineData(8, 499u, "corpus-token-out-of-range")]
    [InlineData(12, uint.MaxValue, "corpus-too-many-tokens")]
    [InlineData(12, 5u, "corpus-length-mismatch")]
    public void A_header_or_token_that_is_wrong_is_refused(int offset, uint value, string token)
    {
        byte[] bytes = CorpusCodec.Encode(Sample);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
        Assert.False(CorpusCodec.TryDecode(bytes, 200_000, out _, out CorpusRefusal? refusal));
        Assert.Equal(token, refusal.Token);
    }

    [Fact]
    public void Too_few_bytes_are_refused()
    {
        Assert.False(CorpusCodec.TryDecode(CorpusCodec.Encode(Sample)[..15], 200_000, out _, out CorpusRefusal? refusal));
        Assert.Equal("corpus-too-short", refusal.Token);
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_a_callers_error() =>
        Assert.Throws<ArgumentException>(() => new TokenCorpus(10, [1, 10], 0));

    [Fact]
    public void The_largest_vocabulary_holds_every_token() =>
        Assert.Equal(1, new TokenCorpus(65_536, [ushort.MaxValue], 0).Count);
}
