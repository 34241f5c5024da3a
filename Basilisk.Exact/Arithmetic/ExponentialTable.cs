using System.Numerics;

namespace Basilisk.Exact.Arithmetic;

/// <summary>2⁻ˣ for x ≥ 0 by a table of 1,024 steps per octave and linear interpolation (relative error below 6e-8).</summary>
public static class ExponentialTable
{
    /// <summary>Fraction bits of the argument.</summary>
    public const int ArgumentBits = 22;

    /// <summary>Fraction bits of the table.</summary>
    public const int ValueBits = 30;

    internal const int IndexShift = ArgumentBits - 10;
    internal const int FractionMask = (1 << IndexShift) - 1;

    private static readonly int[] Table = Build();

    /// <summary>1,025 values: round(2^30 · 2^(−i / 1024)).</summary>
    public static ReadOnlySpan<int> Values => Table;

    /// <summary>2^(−argument / 2^22), with <paramref name="resultBits"/> fraction bits; 0 once it is below half a unit.</summary>
    /// <param name="argument">x in Q22.</param>
    /// <param name="resultBits">At most 30.</param>
    public static int Negative(uint argument, int resultBits)
    {
        int shift = (int)(argument >> ArgumentBits) + ValueBits - resultBits;
        if (shift > 31)
        {
            return 0;
        }

        int index = (int)(argument >> IndexShift) & 1023;
        uint step = (uint)(Table[index] - Table[index + 1]);
        uint fraction = argument & FractionMask;

        // The widest step is 726,572 and the fraction at most 4,095: the product stays below 2^32.
        uint value = (uint)Table[index] - (((step * fraction) + (1u << (IndexShift - 1))) >> IndexShift);
        return shift == 0 ? (int)value : (int)((value + (1u << (shift - 1))) >> shift);
    }

    private static int[] Build()
    {
        // 2^(−1/1024): ten square roots of ½.
        BigInteger ratio = BigFixed.One >> 1;
        for (int i = 0; i < 10; i++)
        {
            ratio = BigFixed.SquareRoot(ratio);
        }

        var table = new int[1025];
        BigInteger value = BigFixed.One;
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (int)BigFixed.Round(value, ValueBits);
            value = BigFixed.Multiply(value, ratio);
        }

        return table;
    }
}
