using System.Numerics;

namespace Basilisk.Exact.Arithmetic;

/// <summary>Logarithms by a table of 4,096 steps per octave and linear interpolation (absolute error below 2e-8).</summary>
public static class LogarithmTable
{
    /// <summary>Fraction bits of the table.</summary>
    public const int ValueBits = 30;

    private const int IndexBits = 12;
    private const int MantissaBits = 61;
    private const int FractionBits = 20;

    // ln 2 has 28 fraction bits, so that its product with a logarithm below 32 · 2^30 stays inside int64.
    private const int Ln2Bits = 28;

    private static readonly int[] Table = Build();
    private static readonly long Ln2 = BigFixed.Round(BigFixed.Ln2, Ln2Bits);

    /// <summary>4,097 values: round(2^30 · log2(1 + i / 4096)).</summary>
    public static ReadOnlySpan<int> Values => Table;

    /// <summary>log2(value) in Q30.</summary>
    /// <param name="value">Positive.</param>
    public static long Log2(long value)
    {
        int exponent = FixedPoint.BitLength((ulong)value) - 1;

        // The mantissa 1.m as a Q61 number: exact, nothing is rounded away before the fraction is cut to 20 bits.
        long mantissa = value << (MantissaBits - exponent);
        int index = (int)(mantissa >> (MantissaBits - IndexBits)) & ((1 << IndexBits) - 1);
        long fraction = (mantissa >> (MantissaBits - IndexBits - FractionBits)) & ((1 << FractionBits) - 1);
        long step = Table[index + 1] - Table[index];
        return ((long)exponent << ValueBits) + Table[index] + FixedPoint.RoundShift(step * fraction, FractionBits);
    }

    /// <summary>Turns a base-2 logarithm in Q30 (below 2^35 in magnitude) into nats with 24 fraction bits.</summary>
    public static long ToNats(long log2) => FixedPoint.RoundShift(log2 * Ln2, ValueBits + Ln2Bits - 24);

    private static int[] Build()
    {
        var table = new int[(1 << IndexBits) + 1];
        for (int i = 0; i < table.Length; i++)
        {
            BigInteger logarithm = BigFixed.LogarithmNearOne(BigFixed.Ratio((1 << IndexBits) + i, 1 << IndexBits));
            table[i] = (int)BigFixed.Round(BigFixed.Divide(logarithm, BigFixed.Ln2), ValueBits);
        }

        return table;
    }
}
