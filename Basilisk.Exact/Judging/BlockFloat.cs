using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Judging;

/// <summary>
/// The one quantisation rule, for weights (per output row), activations (per token) and heads (per token and head):
/// a row shares a power-of-two scale. With n bits and the largest magnitude m of the row,
/// shift = max(0, bitlength(m) − (n − 1)) and q = clamp(RoundShift(x, shift), ±(2^(n−1) − 1)).
/// The row's values are then q · 2^shift in the units they came in.
/// </summary>
internal static class BlockFloat
{
    /// <summary>The row's shift for a largest magnitude.</summary>
    public static int Shift(ulong largest, int bits) => Math.Max(0, FixedPoint.BitLength(largest) - (bits - 1));

    /// <summary>The largest quantised magnitude of n bits.</summary>
    public static int LargestValue(int bits) => (1 << (bits - 1)) - 1;

    /// <summary>The bitwise or of all magnitudes: it has as many bits as the largest, which is all that a shift depends on.</summary>
    public static ulong CombineMagnitudes(ReadOnlySpan<long> values)
    {
        ulong combined = 0;
        foreach (long value in values)
        {
            combined |= (ulong)Math.Abs(value);
        }

        return combined;
    }

    /// <summary>The same for numbers of 32 bits.</summary>
    public static ulong CombineMagnitudes(ReadOnlySpan<int> values)
    {
        ulong combined = 0;
        foreach (int value in values)
        {
            combined |= (ulong)Math.Abs((long)value);
        }

        return combined;
    }
}
