using System.Numerics;

namespace Basilisk.Exact.Arithmetic;

/// <summary>The logistic function 1 / (1 + e⁻ˣ) by a table of 256 steps per unit and linear interpolation (absolute error below 2e-7).</summary>
public static class SigmoidTable
{
    /// <summary>Fraction bits of the argument.</summary>
    public const int ArgumentBits = 20;

    /// <summary>Fraction bits of the result.</summary>
    public const int ValueBits = 30;

    /// <summary>From here on σ(−x) rounds to 0: e⁻²² is below half of 2⁻³⁰.</summary>
    public const int Limit = 22;

    internal const int IndexShift = ArgumentBits - 8;
    internal const int FractionMask = (1 << IndexShift) - 1;
    internal const int LastArgument = (Limit << ArgumentBits) - 1;

    private static readonly int[] Table = Build();

    /// <summary>5,633 values: round(2^30 · σ(−i / 256)), falling from 2^29.</summary>
    public static ReadOnlySpan<int> Values => Table;

    /// <summary>σ(x) in Q30.</summary>
    /// <param name="x">In Q20, within ±(2^31 − 1).</param>
    public static int Evaluate(int x)
    {
        int magnitude = Math.Min(Math.Abs(x), LastArgument);
        int index = magnitude >> IndexShift;
        uint step = (uint)(Table[index] - Table[index + 1]);
        uint fraction = (uint)magnitude & FractionMask;

        // The slope is at most ¼: a step is at most 2^20 − 1 and its product with the fraction stays below 2^32.
        int low = Table[index] - (int)(((step * fraction) + (1u << (IndexShift - 1))) >> IndexShift);
        return x < 0 ? low : (1 << ValueBits) - low;
    }

    private static int[] Build()
    {
        BigInteger ratio = BigFixed.Exponential(BigFixed.One >> 8);
        var table = new int[(Limit * 256) + 1];
        BigInteger power = BigFixed.One;
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (int)BigFixed.Round(BigFixed.Divide(BigFixed.One, BigFixed.One + power), ValueBits);
            power = BigFixed.Multiply(power, ratio);
        }

        return table;
    }
}
