using System.Buffers.Binary;
using Basilisk.Exact.Payloads;
using Xunit;

namespace Basilisk.Exact.Tests.Payloads;

/// <summary>Each reason by name, on the smallest change of one good payload that earns it.</summary>
public sealed class PayloadRefusalTests
{
    private const int Weights = 5000;

    // Header 16, counts 4; block of chunk 0 at 20 (n = 3), block of chunk 1 at its end (n = 2).
    private const int FirstBlock = 20;

    private static readonly PayloadLimits Limits = new(entriesPerChunk: 4, levelBits: 4);

    private static readonly SparseDelta Delta = new(Weights, [5, 6, 4000, 4096, 4999], [3 << 7, -(2 << 7), 1 << 7, 1, -8]);

    [Fact]
    public void The_unchanged_payload_is_accepted() => Assert.Null(Refusal(_ => { }));

    [Fact]
    public void A_missing_byte_is_a_wrong_length() => AssertRefused("payload-length-mismatch", bytes => bytes[..^1]);

    [Fact]
    public void A_byte_too_many_is_a_wrong_length() => AssertRefused("payload-length-mismatch", bytes => [.. bytes, 0]);

    [Fact]
    public void Less_than_header_and_counts_is_too_short() => AssertRefused("payload-too-short", bytes => bytes[..19]);

    [Fact]
    public void Nothing_is_too_short() => AssertRefused("payload-too-short", _ => []);

    [Fact]
    public void Another_magic_is_unknown() => AssertRefused("payload-magic-unknown", bytes => bytes[0]++);

    [Fact]
    public void Another_version_is_unknown() => AssertRefused("payload-version-unknown", bytes => bytes[4]++);

    [Fact]
    public void Other_level_bits_are_not_this_networks() => AssertRefused("payload-level-bits-mismatch", bytes => bytes[5] = 5);

    [Fact]
    public void Reserved_bytes_are_zero() => AssertRefused("payload-padding-not-zero", bytes => bytes[7] = 1);

    [Fact]
    public void Another_model_size_is_refused() => AssertRefused("payload-weight-count-mismatch", bytes => bytes[8]++);

    [Fact]
    public void More_entries_in_a_chunk_than_the_limit_are_refused()
    {
        PayloadRefusal refusal = AssertRefused("payload-chunk-over-limit", bytes => bytes[18] = 5);
        Assert.Equal((5, 4, 1), (refusal.Seen, refusal.Allowed, refusal.Chunk));
    }

    [Fact]
    public void A_total_that_is_not_the_sum_of_counts_is_refused()
    {
        PayloadRefusal refusal = AssertRefused("payload-entry-count-mismatch", bytes => bytes[12]++);
        Assert.Equal((6, 5, -1), (refusal.Seen, refusal.Allowed, refusal.Chunk));
    }

    [Fact]
    public void A_payload_without_entries_is_refused() => AssertRefused("payload-empty", bytes =>
    {
        bytes.AsSpan(12, 8).Clear();
        return bytes[..FirstBlock];
    });

    [Fact]
    public void A_scale_above_the_largest_is_refused() => AssertRefused("payload-scale-out-of-range", bytes => bytes[FirstBlock] = 24);

    [Fact]
    public void A_map_with_too_many_ones_is_refused() => AssertRefused("payload-index-map-malformed", bytes => SetBits(bytes, FirstBlock + 1, 30, 6, 0b111111));

    [Fact]
    public void A_map_with_too_few_ones_is_refused() => AssertRefused("payload-index-map-malformed", bytes => SetBits(bytes, FirstBlock + 1, 30, 6, 0));

    [Fact]
    public void Two_entries_of_one_index_are_refused()
    {
        // Lows of entries 0 and 1 are 5 and 6, both with high part 0.
        PayloadRefusal refusal = AssertRefused("payload-index-not-ascending", bytes => SetBits(bytes, FirstBlock + 1, 10, 10, 5));
        Assert.Equal((5, 6, 0), (refusal.Seen, refusal.Allowed, refusal.Chunk));
    }

    [Fact]
    public void Descending_entries_are_refused() => AssertRefused("payload-index-not-ascending", bytes => SetBits(bytes, FirstBlock + 1, 10, 10, 1));

    [Fact]
    public void An_index_past_the_last_weight_is_refused()
    {
        int second = FirstBlock + PayloadCodec.BlockSize(3, 4);
        PayloadRefusal refusal = AssertRefused("payload-index-out-of-range", bytes => SetBits(bytes, second + 1, 11, 11, 904));
        Assert.Equal((904, 903, 1), (refusal.Seen, refusal.Allowed, refusal.Chunk));
    }

    [Fact]
    public void Levels_that_are_all_even_are_not_canonical()
    {
        // The codes of chunk 0 stand after 3 lows of 10 bits and a map of 3 ones and 3 zeros: all become level 2.
        PayloadRefusal refusal = AssertRefused("payload-scale-not-canonical", bytes => SetBits(bytes, FirstBlock + 1, 36, 12, 0b0010_0010_0010));
        Assert.Equal((7, 8, 0), (refusal.Seen, refusal.Allowed, refusal.Chunk));
    }

    [Fact]
    public void Bits_after_a_blocks_last_code_are_zero()
    {
        // Chunk 1: two lows of 11 bits, a map of 2 ones and 1 zero, two codes of 4: 33 bits, so 7 of padding.
        int end = FirstBlock + PayloadCodec.BlockSize(3, 4) + PayloadCodec.BlockSize(2, 4);
        AssertRefused("payload-padding-not-zero", bytes => bytes[end - 1] |= 0x80);
    }

    [Fact]
    public void Encoding_an_empty_delta_is_a_callers_error() =>
        Assert.Throws<ArgumentException>(() => PayloadCodec.Encode(new SparseDelta(Weights, [], []), Limits));

    [Fact]
    public void Encoding_too_many_entries_is_a_callers_error() =>
        Assert.Throws<ArgumentException>(() => PayloadCodec.Encode(new SparseDelta(Weights, [1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), Limits));

    [Fact]
    public void Encoding_values_of_no_common_scale_is_a_callers_error() =>
        Assert.Throws<ArgumentException>(() => PayloadCodec.Encode(new SparseDelta(Weights, [1, 2], [1, 1 << 10]), Limits));

    private static PayloadRefusal AssertRefused(string token, Action<byte[]> change)
    {
        PayloadRefusal? refusal = Refusal(change);
        Assert.Equal(token, refusal?.Token);
        return refusal!;
    }

    private static void AssertRefused(string token, Func<byte[], byte[]> change)
    {
        Assert.False(PayloadCodec.TryDecode(change(PayloadCodec.Encode(Delta, Limits)), Weights, Limits, out _, out PayloadRefusal? refusal));
        Assert.Equal(token, refusal.Token);
    }

    private static PayloadRefusal? Refusal(Action<byte[]> change)
    {
        byte[] bytes = PayloadCodec.Encode(Delta, Limits);
        change(bytes);
        PayloadCodec.TryDecode(bytes, Weights, Limits, out _, out PayloadRefusal? refusal);
        return refusal;
    }

    private static void SetBits(byte[] bytes, int start, int bit, int count, ulong value)
    {
        Span<byte> window = stackalloc byte[sizeof(ulong)];
        int length = Math.Min(window.Length, bytes.Length - start);
        bytes.AsSpan(start, length).CopyTo(window);
        ulong mask = ((1ul << count) - 1) << bit;
        ulong changed = (BinaryPrimitives.ReadUInt64LittleEndian(window) & ~mask) | (value << bit);
        BinaryPrimitives.WriteUInt64LittleEndian(window, changed);
        window[..length].CopyTo(bytes.AsSpan(start));
    }
}
