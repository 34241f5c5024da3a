using System.Globalization;
using System.Numerics;

namespace Basilisk.Chain.Tests.Signatures;

/// <summary>The schoolbook curve, to compare with: affine additions over big integers.</summary>
internal static class PlainCurve
{
    private static readonly BigInteger GeneratorX = BigInteger.Parse("079BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private static readonly BigInteger GeneratorY = BigInteger.Parse("0483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>k·G for k from 1 to n − 1.</summary>
    public static (BigInteger X, BigInteger Y) Multiply(BigInteger k, BigInteger p)
    {
        (BigInteger X, BigInteger Y)? sum = null;
        (BigInteger X, BigInteger Y) power = (GeneratorX, GeneratorY);
        for (; !k.IsZero; k >>= 1)
        {
            if (!k.IsEven)
            {
                sum = sum is { } s ? Add(s, power, p) : power;
            }

            power = Add(power, power, p);
        }

        return sum!.Value;
    }

    private static (BigInteger X, BigInteger Y) Add((BigInteger X, BigInteger Y) a, (BigInteger X, BigInteger Y) b, BigInteger p)
    {
        BigInteger slope = a == b
            ? 3 * a.X * a.X * Inverse(2 * a.Y, p)
            : (b.Y - a.Y) * Inverse(b.X - a.X, p);
        BigInteger x = Modulo((slope * slope) - a.X - b.X, p);
        return (x, Modulo((slope * (a.X - x)) - a.Y, p));
    }

    private static BigInteger Inverse(BigInteger value, BigInteger p) => BigInteger.ModPow(Modulo(value, p), p - 2, p);

    private static BigInteger Modulo(BigInteger value, BigInteger p) => ((value % p) + p) % p;
}
