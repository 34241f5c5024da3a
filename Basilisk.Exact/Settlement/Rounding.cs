namespace Basilisk.Exact.Settlement;

/// <summary>
/// The one rounding rule of weights — to the nearest integer, ties away from zero — and the integer square root.
/// Credits and shares alone round down, and say so.
/// </summary>
public static class Rounding
{
    /// <summary>Largest magnitude of a weight or of an entry of a delta, 2³¹ − 1; beyond it values saturate.</summary>
    public const int Limit = int.MaxValue;

    /// <summary>numerator / denominator to the nearest integer, ties away from zero.</summary>
    /// <param name="numerator">|numerator| + denominator / 2 below 2⁶³.</param>
    /// <param name="denominator">At least 1.</param>
    public static long Nearest(long numerator, long denominator)
    {
        long half = denominator / 2;
        return numerator >= 0 ? (numerator + half) / denominator : -((half - numerator) / denominator);
    }

    /// <summary>value · numerator / denominator to the nearest integer, ties away from zero, saturated at ±<see cref="Limit"/>.</summary>
    public static int ScaleSaturating(long value, ulong numerator, ulong denominator)
    {
        ulong magnitude = value < 0 ? (ulong)-value : (ulong)value;
        ulong high = Math.BigMul(magnitude, numerator, out ulong low);
        ulong half = denominator / 2;
        UInt128 scaled = high == 0 && low <= ulong.MaxValue - half
            ? (low + half) / denominator
            : (new UInt128(high, low) + half) / denominator;
        int limited = scaled > (UInt128)Limit ? Limit : (int)scaled;
        return value < 0 ? -limited : limited;
    }

    /// <summary>weight + change, saturated at ±<see cref="Limit"/>.</summary>
    public static int AddSaturating(int weight, long change)
    {
        long sum = weight + change;
        return (int)Math.Clamp(sum, -Limit, Limit);
    }

    /// <summary>The largest integer whose square is at most the value.</summary>
    public static ulong SquareRoot(UInt128 value)
    {
        UInt128 root = 0;
        UInt128 rest = value;
        // Digit by digit, two bits of the value at a time (the schoolbook method in base 2).
        for (UInt128 bit = UInt128.One << 126; bit > 0; bit >>= 2)
        {
            UInt128 trial = root + bit;
            root >>= 1;
            if (rest >= trial)
            {
                rest -= trial;
                root += bit;
            }
        }

        return (ulong)root;
    }
}
