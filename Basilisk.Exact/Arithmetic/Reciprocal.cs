namespace Basilisk.Exact.Arithmetic;

/// <summary>
/// Divides many numbers by one divisor d, rounding as <see cref="FixedPoint.RoundDivide"/>: ⌊(2x + d) / 2d⌋. A quotient guessed
/// with a reciprocal of 31 bits is too large by at most 2 and too small by at most 5, and the remainder puts it right.
/// With D = 2d of b bits, N = 2x + d and R = min(⌊2^(30+b) / D⌋, 2^31 − 1), the guess is ⌊⌊N / 2^b⌋ · R / 2^30⌋: the first floor
/// takes less than 2 from the quotient, R moves it by at most 2 towards zero, the last floor takes less than 1.
/// </summary>
internal readonly struct Reciprocal
{
    /// <summary>Fraction bits that the factor brings.</summary>
    public const int FactorBits = 30;

    /// <summary>The most by which a guess is too large.</summary>
    public const int Excess = 2;

    /// <param name="divisor">1 to 2^31.</param>
    public Reciprocal(long divisor)
    {
        Divisor = divisor;
        Shift = FixedPoint.BitLength((ulong)(2 * divisor));
        Factor = (int)Math.Min((1L << (FactorBits + Shift - 1)) / divisor, int.MaxValue);
    }

    /// <summary>d.</summary>
    public long Divisor { get; }

    /// <summary>b, the bits of 2d.</summary>
    public int Shift { get; }

    /// <summary>R.</summary>
    public int Factor { get; }

    /// <summary>⌊(2x + d) / 2d⌋.</summary>
    /// <param name="value">x, |x| at most d · (2^31 − 1).</param>
    public int RoundDivide(long value)
    {
        long numerator = (2 * value) + Divisor;
        long doubled = 2 * Divisor;
        long quotient = (((numerator >> Shift) * Factor) >> FactorBits) - Excess;
        long rest = numerator - (quotient * doubled);
        while (rest >= doubled)
        {
            rest -= doubled;
            quotient++;
        }

        return (int)quotient;
    }
}
