using System.Buffers.Binary;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Xunit;

namespace Basilisk.Exact.Tests.Payloads;

/// <summary>Bytes from strangers: each is refused with a token, or is the one encoding of what it decodes to.</summary>
public sealed class PayloadFuzzTests
{
    [Fact]
    public void Every_flip_of_every_bit_is_refused_or_is_another_canonical_payload()
    {
        var stream = new SeedStream(Hash256.Zero, "payload-bits");
        var outcomes = new Dictionary<string, int>();
        for (int sample = 0; sample < 24; sample++)
        {
            int weights = 1 + (int)stream.NextBelow(9000);
            var limits = new PayloadLimits(1 + (int)stream.NextBelow(40), 2 + (int)stream.NextBelow(7));
            byte[] bytes = PayloadCodec.Encode(PayloadSamples.Random(stream, weights, limits), limits);
            for (int bit = 0; bit < 8 * bytes.Length; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Judge(bytes, weights, limits, outcomes);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(outcomes.GetValueOrDefault("accepted") > 1000); // other levels and places are other payloads
        Assert.True(outcomes.Count > 8, string.Join(", ", outcomes.Keys));
    }

    [Fact]
    public void Two_hundred_thousand_random_bodies_are_refused_or_canonical()
    {
        var stream = new SeedStream(Hash256.Zero, "payload-fuzz");
        var outcomes = new Dictionary<string, int>();
        var limits = new PayloadLimits(entriesPerChunk: 6, levelBits: 2);
        for (int i = 0; i < 200_000; i++)
        {
            // Header and counts are right, so that the random part is what gets read; the first bytes are sometimes spoilt as well.
            const int weights = 4096 + 16;
            int first = (int)stream.NextBelow(4);
            int second = (int)stream.NextBelow(4);
            byte[] bytes = Framed(weights, limits, first, second);
            ulong noise = 0;
            for (int at = PayloadCodec.HeaderSize + (2 * PayloadCodec.CountSize); at < bytes.Length; at++, noise >>= 8)
            {
                noise = noise == 0 ? stream.NextUInt64() : noise;
                bytes[at] = (byte)noise;
            }

            if (bytes.Length > 20)
            {
                bytes[20] = (byte)(bytes[20] % 26);
            }

            if (stream.NextBelow(16) == 0)
            {
                bytes[stream.NextBelow((ulong)bytes.Length)] ^= (byte)(1 << (int)stream.NextBelow(8));
            }

            Judge(bytes, weights, limits, outcomes);
        }

        Assert.True(outcomes.GetValueOrDefault("accepted") > 100, string.Join(", ", outcomes));
        Assert.True(outcomes.Count > 9, string.Join(", ", outcomes));
    }

    [Fact]
    public void Bytes_of_any_length_without_a_frame_are_refused()
    {
        var stream = new SeedStream(Hash256.Zero, "payload-noise");
        var limits = new PayloadLimits(64, 4);
        for (int i = 0; i < 20_000; i++)
        {
            var bytes = new byte[stream.NextBelow(120)];
            for (int at = 0; at < bytes.Length; at++)
            {
                bytes[at] = (byte)stream.NextUInt64();
            }

            Assert.False(PayloadCodec.TryDecode(bytes, 5000, limits, out _, out PayloadRefusal? refusal));
            Assert.Contains(refusal.Kind, new[] { PayloadRefusalKind.TooShort, PayloadRefusalKind.MagicUnknown });
        }
    }

    [Fact]
    public void A_count_that_would_need_gigabytes_is_refused_before_anything_is_allocated()
    {
        var limits = new PayloadLimits(4096, 8);
        const int weights = 100 * 4096;
        byte[] bytes = new byte[PayloadCodec.HeaderSize + (100 * PayloadCodec.CountSize)];
        Framed(weights, limits).CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), uint.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(PayloadCodec.TryDecode(bytes, weights, limits, out _, out PayloadRefusal? refusal));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024);
        Assert.Equal("payload-entry-count-mismatch", refusal.Token);
    }

    private static void Judge(byte[] bytes, int weights, PayloadLimits limits, Dictionary<string, int> outcomes)
    {
        bool accepted = PayloadCodec.TryDecode(bytes, weights, limits, out SparseDelta? delta, out PayloadRefusal? refusal);
        string outcome = accepted ? "accepted" : refusal!.Token;
        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        if (accepted && !PayloadCodec.Encode(delta!, limits).AsSpan().SequenceEqual(bytes))
        {
            Assert.Fail($"Two encodings of one delta: {Convert.ToHexString(bytes)}");
        }
    }

    private static byte[] Framed(int weights, PayloadLimits limits, params int[] counts)
    {
        var bytes = new byte[PayloadCodec.HeaderSize + (PayloadCodec.CountSize * counts.Length) + counts.Sum(count => PayloadCodec.BlockSize(count, limits.LevelBits))];
        "BSKP"u8.CopyTo(bytes);
        bytes[4] = 1;
        bytes[5] = (byte)limits.LevelBits;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), weights);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), counts.Sum());
        for (int i = 0; i < counts.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(PayloadCodec.HeaderSize + (PayloadCodec.CountSize * i)), (ushort)counts[i]);
        }

        return bytes;
    }
}
