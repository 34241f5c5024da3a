using System.Buffers.Binary;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private const int Cap = 200_000;

    private static readonly ModelShape Shape = new(Vocabulary: 300, Width: 48, Layers: 3, Heads: 3, FeedForward: 64, Context: 32, TiedHead: false);

    private static readonly Checkpoint Sample = CheckpointInitialiser.Create(Shape, Hash256.Zero);

    [Fact]
    public void Decoding_undoes_encoding_and_keeps_the_root()
    {
        byte[] bytes = CheckpointCodec.Encode(Sample);
        Assert.Equal(CheckpointCodec.SizeOf(Sample), bytes.Length);
        Assert.True(CheckpointCodec.TryDecode(bytes, Cap, out Checkpoint? decoded, out _));
        Assert.Equal(Shape, decoded.Shape);
        Assert.True(Sample.Weights.Span.SequenceEqual(decoded.Weights.Span));
        Assert.Equal(Sample.Root, decoded.Root);
    }

    [Fact]
    public void The_stream_the_chunks_and_the_whole_are_the_same_bytes()
    {
        byte[] bytes = CheckpointCodec.Encode(Sample);
        using var stream = new MemoryStream();
        CheckpointCodec.Write(Sample, stream);
        Assert.Equal(bytes, stream.ToArray());
        foreach (int offset in new[] { 0, 4, 32, 36, 40, 65536, bytes.Length - 4, bytes.Length })
        {
            foreach (int length in new[] { 0, 1, 3, 7, 50, 65536 })
            {
                var part = new byte[Math.Min(length, bytes.Length - offset)];
                CheckpointCodec.Read(Sample, offset, part);
                Assert.Equal(bytes.AsSpan(offset, part.Length).ToArray(), part);
            }
        }
    }

    [Fact]
    public void Each_chunk_is_proven_against_the_root()
    {
        byte[] bytes = CheckpointCodec.Encode(Sample);
        MerkleTree tree = CheckpointCodec.Tree(Sample);
        Assert.Equal(Sample.Root, tree.Root);
        Assert.Equal(ChunkedBytes.ChunkCount(bytes.Length), tree.LeafCount);
        Assert.True(tree.LeafCount > 5);
        for (int i = 0; i < tree.LeafCount; i++)
        {
            Span<byte> chunk = bytes.AsSpan(i * ChunkedBytes.ChunkSize, ChunkedBytes.ChunkLength(bytes.Length, i));
            Assert.True(MerkleTree.Verify(Sample.Root, MerkleTree.LeafHash(chunk), tree.Prove(i)));
            chunk[^1] ^= 1;
            Assert.False(MerkleTree.Verify(Sample.Root, MerkleTree.LeafHash(chunk), tree.Prove(i)));
        }
    }

    [Theory]
    [InlineData(0, 1u, "checkpoint-magic-unknown")]
    [InlineData(4, 2u, "checkpoint-version-unknown")]
    [InlineData(4, 0x0002_0001u, "checkpoint-flags-unknown")]
    [InlineData(8, 0u, "checkpoint-shape-invalid")]
    [InlineData(8, uint.MaxValue, "checkpoint-shape-invalid")]
    [InlineData(8, 70_000u, "checkpoint-shape-invalid")]
    [InlineData(12, 47u, "checkpoint-shape-invalid")]
    [InlineData(12, 1_048_575u, "checkpoint-shape-invalid")]
    [InlineData(16, 1025u, "checkpoint-shape-invalid")]
    [InlineData(20, 5u, "checkpoint-shape-invalid")]
    [InlineData(24, 65u, "checkpoint-weight-count-mismatch")]
    [InlineData(32, 5u, "checkpoint-weight-count-mismatch")]
    [InlineData(36, 0x8000_0000u, "checkpoint-weight-out-of-range")]
    public void A_header_or_weight_that_is_wrong_is_refused(int offset, uint value, string token)
    {
        byte[] bytes = CheckpointCodec.Encode(Sample);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
        Assert.False(CheckpointCodec.TryDecode(bytes, Cap, out _, out CheckpointRefusal? refusal));
        Assert.Equal(token, refusal.Token);
    }

    [Fact]
    public void Lengths_and_caps_are_checked_before_allocation()
    {
        byte[] bytes = CheckpointCodec.Encode(Sample);
        AssertRefused("checkpoint-too-short", bytes[..35], Cap);
        AssertRefused("checkpoint-length-mismatch", bytes[..^1], Cap);
        AssertRefused("checkpoint-length-mismatch", [.. bytes, 0], Cap);
        AssertRefused("checkpoint-length-mismatch", bytes[..36], Cap);
        AssertRefused("checkpoint-too-many-weights", bytes, Shape.ParameterCount - 1);
    }

    [Fact]
    public void Weights_that_do_not_fit_the_shape_are_a_callers_error()
    {
        Assert.Throws<ArgumentException>(() => new Checkpoint(Shape, new int[5]));
        int[] weights = Sample.Weights.ToArray();
        weights[7] = int.MinValue;
        Assert.Throws<ArgumentException>(() => new Checkpoint(Shape, weights));
    }

    [Fact]
    public void Initial_weights_have_the_stated_mean_and_spread()
    {
        var layout = new ParameterLayout(Shape);
        AssertSpread(layout.Embedding, 335_544);
        AssertSpread(layout.Head, 335_544);
        AssertSpread(layout.Layers[1].Query, MasterWeights.One / Math.Sqrt(48));
        AssertSpread(layout.Layers[1].Output, MasterWeights.One / Math.Sqrt(48 * 6));
        AssertSpread(layout.Layers[2].Gate, MasterWeights.One / Math.Sqrt(48));
        AssertSpread(layout.Layers[2].Down, MasterWeights.One / Math.Sqrt(64 * 6));
        Assert.All(Sample.Weights.Slice(layout.FinalNorm.Offset, 48).ToArray(), gain => Assert.Equal(MasterWeights.One, gain));
        Assert.NotEqual(Sample.Root, CheckpointInitialiser.Create(Shape, MerkleTree.LeafHash([])).Root);
        Assert.Equal(Sample.Root, CheckpointInitialiser.Create(Shape, Hash256.Zero).Root);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_starts_at_a_loss_near_that_of_guessing(bool tied)
    {
        ModelShape shape = ModelShape.FromDepth(2, vocabulary: 512, context: 32) with { TiedHead = tied };
        var stream = new SeedStream(Hash256.Zero, "initial-loss");
        var batch = new TokenBatch(8, 32, [.. Enumerable.Range(0, 8 * 33).Select(_ => (ushort)stream.NextBelow(512))]);
        long[] losses = new IntegerLossEvaluator(1).Evaluate(shape, CheckpointInitialiser.Create(shape, Hash256.Zero).Weights, batch, CancellationToken.None);
        double perToken = losses.Sum() / (double)(batch.TargetCount << LossFormat.FractionBits);
        Assert.InRange(perToken, Math.Log(512) - 0.02, Math.Log(512) + 0.06);
    }

    private static void AssertSpread(TensorSlot slot, double deviation)
    {
        double[] weights = [.. Sample.Weights.Slice(slot.Offset, slot.Length).ToArray().Select(weight => (double)weight)];
        double mean = weights.Average();
        double spread = Math.Sqrt(weights.Average(weight => (weight - mean) * (weight - mean)));
        Assert.InRange(spread / deviation, 0.94, 1.06);
        Assert.InRange(mean / deviation, -5 / Math.Sqrt(weights.Length), 5 / Math.Sqrt(weights.Length));
    }

    private static void AssertRefused(string token, byte[] bytes, int cap)
    {
        Assert.False(CheckpointCodec.TryDecode(bytes, cap, out _, out CheckpointRefusal? refusal));
        Assert.Equal(token, refusal.Token);
    }
}
