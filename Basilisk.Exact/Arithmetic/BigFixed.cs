using System.Numerics;

namespace Basilisk.Exact.Arithmetic;

/// <summary>
/// Elementary functions in fixed point with 128 fraction bits, by series in big integers. It runs once, when a table is
/// made: with errors below 2⁻¹⁰⁰ each entry rounded to 30 bits is the correctly rounded value of the real function, so
/// that any other correct method gives the same table.
/// </summary>
internal static class BigFixed
{
    public const int FractionBits = 128;

    public static readonly BigInteger One = BigInteger.One << FractionBits;

    /// <summary>ln 2.</summary>
    public static readonly BigInteger Ln2 = LogarithmNearOne(2 * One);

    /// <summary>ln 10,000, the logarithm of the rotary base: 10,000 = 2¹³ · (10,000 / 8,192).</summary>
    public static readonly BigInteger Ln10000 = (13 * Ln2) + LogarithmNearOne(Ratio(10_000, 8_192));

    public static BigInteger Ratio(BigInteger numerator, BigInteger denominator) => (numerator << FractionBits) / denominator;

    public static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> FractionBits;

    public static BigInteger Divide(BigInteger a, BigInteger b) => (a << FractionBits) / b;

    /// <summary>√a by the integer square root of a · 2^128.</summary>
    public static BigInteger SquareRoot(BigInteger a)
    {
        BigInteger target = a << FractionBits;
        BigInteger estimate = BigInteger.One << (((int)target.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (estimate + (target / estimate)) >> 1;
            if (next >= estimate)
            {
                return estimate;
            }

            estimate = next;
        }
    }

    /// <summary>e^x: x is halved eight times, summed by Taylor's series and squared back.</summary>
    public static BigInteger Exponential(BigInteger x)
    {
        const int Halvings = 8;
        BigInteger reduced = x >> Halvings;
        BigInteger sum = One;
        BigInteger term = One;
        for (int n = 1; !term.IsZero && term != BigInteger.MinusOne; n++)
        {
            term = Multiply(term, reduced) / n;
            sum += term;
        }

        for (int i = 0; i < Halvings; i++)
        {
            sum = Multiply(sum, sum);
        }

        return sum;
    }

    /// <summary>ln y for y in [½, 2]: 2·artanh((y − 1) / (y + 1)).</summary>
    public static BigInteger LogarithmNearOne(BigInteger y)
    {
        BigInteger t = Divide(y - One, y + One);
        BigInteger square = Multiply(t, t);
        BigInteger sum = BigInteger.Zero;
        BigInteger power = t;
        for (int n = 1; BigInteger.Abs(power) > BigInteger.One; n += 2)
        {
            sum += power / n;
            power = Multiply(power, square);
        }

        return 2 * sum;
    }

    /// <summary>(cos x, sin x) for 0 ≤ x ≤ 1, by Taylor's series.</summary>
    public static (BigInteger Cosine, BigInteger Sine) CosineSine(BigInteger x)
    {
        BigInteger cosine = BigInteger.Zero;
        BigInteger sine = BigInteger.Zero;
        BigInteger term = One;
        for (int n = 0; BigInteger.Abs(term) > BigInteger.One; n++)
        {
            BigInteger signed = (n & 2) == 0 ? term : -term;
            if ((n & 1) == 0)
            {
                cosine += signed;
            }
            else
            {
                sine += signed;
            }

            term = Multiply(term, x) / (n + 1);
        }

        return (cosine, sine);
    }

    /// <summary>The number with fewer fraction bits, rounded half up.</summary>
    public static long Round(BigInteger value, int fractionBits)
    {
        int shift = FractionBits - fractionBits;
        return (long)((value + (BigInteger.One << (shift - 1))) >> shift);
    }
}
