using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Xunit;

namespace Basilisk.Exact.Tests.Payloads;

public sealed class PayloadCodecTests
{
    private static readonly PayloadLimits Limits = new(entriesPerChunk: 64, levelBits: 4);

    [Fact]
    public void Decoding_undoes_encoding_for_every_size_and_width()
    {
        var stream = new SeedStream(Hash256.Zero, "payload-round-trip");
        for (int i = 0; i < 400; i++)
        {
            int weights = 1 + (int)stream.NextBelow(20_000);
            var limits = new PayloadLimits(1 + (int)stream.NextBelow(stream.NextBelow(4) == 0 ? 4096u : 80u), 2 + (int)stream.NextBelow(7));
            SparseDelta delta = PayloadSamples.Random(stream, weights, limits);
            byte[] bytes = PayloadCodec.Encode(delta, limits);
            Assert.Equal(PayloadCodec.SizeOf(delta, limits), bytes.Length);
            Assert.True(bytes.Length <= limits.MaxBytes(weights));
            Assert.True(PayloadCodec.TryDecode(bytes, weights, limits, out SparseDelta? decoded, out PayloadRefusal? refusal), refusal?.Token);
            Assert.Equal(delta, decoded);
            int prefix = PayloadCodec.HeaderSize + (PayloadCodec.CountSize * PayloadCodec.ChunkCount(weights));
            Assert.True(PayloadCodec.TrySizeOf(bytes.AsSpan(0, prefix), weights, limits, out long size, out _));
            Assert.Equal(bytes.Length, size);
        }
    }

    [Fact]
    public void Sixty_four_four_bit_entries_per_chunk_are_146_times_smaller_than_floats()
    {
        const int weights = 256 * PayloadCodec.ChunkWeights;
        Assert.True(sizeof(float) * (long)weights >= 146 * Limits.MaxBytes(weights), $"{Limits.MaxBytes(weights)} bytes");
    }
}
