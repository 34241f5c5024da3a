using System.Numerics;

namespace Basilisk.Exact.Payloads;

/// <summary>
/// The entries of one chunk, n of them. First a byte: the scale s, 0 to 23. Then bits, lowest first, padded with zeros to a byte:
/// the low l bits of each 12-bit index; the high bits as a map of n ones and 2^(12−l) − 1 zeros, where entry i's one comes
/// after as many zeros as its high part says (Elias–Fano: about 8 bits per index at 64 entries where plain indices take 12);
/// and one code of b bits per level: code = 2 (|level| − 1) + (1 where negative). The value of an entry is level · 2^s in Q8.24.
/// l = 12 − (bits of n − 1). At least one level is odd, so that no other scale gives the same values.
/// </summary>
internal static class ChunkBlock
{
    /// <summary>Largest scale: level 128 · 2²³ = 2³⁰ stays inside an int.</summary>
    public const int MaxScale = 23;

    private const int IndexBits = 12;

    public static int Size(int entries, int levelBits)
    {
        if (entries == 0)
        {
            return 0;
        }

        int bits = (entries * (LowBits(entries) + levelBits)) + MapBits(entries);
        return 1 + ((bits + 7) / 8);
    }

    public static void Write(Span<byte> block, int chunk, ReadOnlySpan<int> indices, ReadOnlySpan<int> values, PayloadLimits limits)
    {
        int scale = CanonicalScale(chunk, indices.Length, values, limits);
        block[0] = (byte)scale;
        var writer = new BitWriter(block[1..]);
        int low = LowBits(indices.Length);
        int first = chunk * PayloadCodec.ChunkWeights;
        foreach (int index in indices)
        {
            writer.Write((index - first) & ((1 << low) - 1), low);
        }

        int zeros = 0;
        foreach (int index in indices)
        {
            int high = (index - first) >> low;
            writer.Skip(high - zeros);
            writer.Write(1, 1);
            zeros = high;
        }

        writer.Skip(MapZeros(indices.Length) - zeros);
        foreach (int value in values)
        {
            int level = value >> scale;
            writer.Write((2 * (Math.Abs(level) - 1)) + (level < 0 ? 1 : 0), limits.LevelBits);
        }
    }

    /// <summary>Reads one block into the slices that belong to it, or says why not.</summary>
    public static PayloadRefusal? Read(ReadOnlySpan<byte> block, int chunk, int weights, Span<int> indices, Span<int> values, PayloadLimits limits)
    {
        int scale = block[0];
        if (scale > MaxScale)
        {
            return new PayloadRefusal(PayloadRefusalKind.ScaleOutOfRange, scale, MaxScale, chunk);
        }

        var reader = new BitReader(block[1..]);
        PayloadRefusal? refusal = ReadIndices(ref reader, chunk, weights, indices) ?? ReadLevels(ref reader, chunk, scale, values, limits);
        if (refusal is not null)
        {
            return refusal;
        }

        int padding = reader.ReadPadding();
        return padding == 0 ? null : new PayloadRefusal(PayloadRefusalKind.PaddingNotZero, padding, 0, chunk);
    }

    private static PayloadRefusal? ReadIndices(ref BitReader reader, int chunk, int weights, Span<int> indices)
    {
        int low = LowBits(indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = reader.Read(low);
        }

        int ones = 0;
        int zeros = 0;
        for (int bit = MapBits(indices.Length); bit > 0; bit--)
        {
            if (reader.Read(1) == 0)
            {
                zeros++;
                continue;
            }

            if (ones == indices.Length)
            {
                return new PayloadRefusal(PayloadRefusalKind.IndexMapMalformed, ones + 1, indices.Length, chunk);
            }

            indices[ones++] |= zeros << low;
        }

        if (ones != indices.Length)
        {
            return new PayloadRefusal(PayloadRefusalKind.IndexMapMalformed, ones, indices.Length, chunk);
        }

        return CheckIndices(chunk, weights, indices);
    }

    private static PayloadRefusal? CheckIndices(int chunk, int weights, Span<int> indices)
    {
        int previous = -1;
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i];
            if (index <= previous)
            {
                return new PayloadRefusal(PayloadRefusalKind.IndexNotAscending, index, previous + 1, chunk);
            }

            if (index >= weights)
            {
                return new PayloadRefusal(PayloadRefusalKind.IndexOutOfRange, index, weights - 1, chunk);
            }

            previous = index;
            indices[i] = index + (chunk * PayloadCodec.ChunkWeights);
        }

        return null;
    }

    private static PayloadRefusal? ReadLevels(ref BitReader reader, int chunk, int scale, Span<int> values, PayloadLimits limits)
    {
        int union = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int code = reader.Read(limits.LevelBits);
            int magnitude = (code >> 1) + 1;
            union |= magnitude;
            values[i] = ((code & 1) == 0 ? magnitude : -magnitude) << scale;
        }

        return (union & 1) == 1
            ? null
            : new PayloadRefusal(PayloadRefusalKind.ScaleNotCanonical, scale, scale + BitOperations.TrailingZeroCount(union), chunk);
    }

    private static int CanonicalScale(int chunk, int count, ReadOnlySpan<int> values, PayloadLimits limits)
    {
        if (count > limits.EntriesPerChunk)
        {
            throw new ArgumentException($"Chunk {chunk} has {count} entries; the limit is {limits.EntriesPerChunk}.", nameof(values));
        }

        int union = 0;
        int largest = 0;
        foreach (int value in values)
        {
            union |= value;
            largest = Math.Max(largest, Math.Abs(value));
        }

        int scale = BitOperations.TrailingZeroCount(union);
        if (scale > MaxScale || largest >> scale > limits.MaxLevel)
        {
            throw new ArgumentException(
                $"The values of chunk {chunk} share 2^{scale} and reach {largest}: they are no levels up to {limits.MaxLevel} of one scale up to 2^{MaxScale}.",
                nameof(values));
        }

        return scale;
    }

    /// <summary>l, the bits of an index that are written plainly: ⌊log₂(4096 / n)⌋.</summary>
    private static int LowBits(int entries) => IndexBits - (32 - BitOperations.LeadingZeroCount((uint)(entries - 1)));

    private static int MapZeros(int entries) => (1 << (IndexBits - LowBits(entries))) - 1;

    private static int MapBits(int entries) => entries + MapZeros(entries);
}
