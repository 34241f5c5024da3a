using System.Numerics;
using Basilisk.Chain.Signatures;
using Xunit;

namespace Basilisk.Chain.Tests.Signatures;

/// <summary>Field and scalars against big integers, with values around every carry and reduction.</summary>
public sealed class ModularArithmeticTests
{
    private static readonly BigInteger P = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;
    private static readonly BigInteger N = new(Scalar.OrderBytes, isUnsigned: true, isBigEndian: true);

    [Fact]
    public void Field_operations_agree_with_big_integers()
    {
        BigInteger[] values = Edges(P, seed: 1);
        foreach (BigInteger x in values)
        {
            FieldElement a = Field(x);
            Assert.Equal(x % P, Value(a));
            Assert.Equal(x * x % P, Value(a.Square()));
            Assert.Equal((P - (x % P)) % P, Value(-a));
            Assert.Equal(21 * x % P, Value(a.MultiplySmall(21)));
            Assert.Equal(x % P, 2 * Value(a.Half()) % P);
            Assert.Equal((x % P).IsZero, a.IsZero);
            Assert.Equal(!(x % P).IsEven, a.IsOdd);
            foreach (BigInteger y in values)
            {
                FieldElement b = Field(y);
                Assert.Equal((x + y) % P, Value(a + b));
                Assert.Equal(((x - y) % P + P) % P, Value(a - b));
                Assert.Equal(x * y % P, Value(a * b));
                Assert.Equal(x % P == y % P, a.EqualTo(b));
            }
        }
    }

    [Fact]
    public void Scalar_operations_agree_with_big_integers()
    {
        BigInteger[] values = Edges(N, seed: 2);
        foreach (BigInteger x in values)
        {
            Scalar a = ToScalar(x);
            BigInteger reduced = x % N;
            Assert.Equal(reduced, Value(a));
            Assert.Equal((N - reduced) % N, Value(-a));
            Assert.Equal(reduced > N / 2, a.IsHigh);
            Assert.Equal(reduced, Value(a.NegateIf(false)));
            Assert.Equal((N - reduced) % N, Value(a.NegateIf(true)));
            foreach (BigInteger y in values)
            {
                Scalar b = ToScalar(y);
                Assert.Equal((x + y) % N, Value(a + b));
                Assert.Equal(x * y % N, Value(a * b));
            }
        }
    }

    [Fact]
    public void Both_inverses_give_one()
    {
        foreach (BigInteger x in Edges(P, seed: 3).Where(x => !(x % P).IsZero))
        {
            Assert.Equal(BigInteger.One, Value(Field(x) * Field(x).Invert()));
            Assert.Equal(BigInteger.One, Value(Field(x) * VariableInverse.OfField(Field(x))));
        }

        foreach (BigInteger x in Edges(N, seed: 4).Where(x => !(x % N).IsZero))
        {
            Assert.Equal(BigInteger.One, Value(ToScalar(x) * ToScalar(x).Invert()));
            Assert.Equal(BigInteger.One, Value(ToScalar(x) * VariableInverse.OfScalar(ToScalar(x))));
        }
    }

    [Fact]
    public void Square_roots_square_back()
    {
        foreach (BigInteger x in Edges(P, seed: 5))
        {
            FieldElement square = Field(x).Square();
            Assert.True(square.SquareRootCandidate().Square().EqualTo(square));
        }
    }

    [Fact]
    public void Scalars_are_split_into_halves_that_make_them_up()
    {
        var lambda = new BigInteger(Convert.FromHexString("5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72"), isUnsigned: true, isBigEndian: true);
        Span<short> digits = stackalloc short[HalfScalar.MaximumDigits];
        foreach (BigInteger k in Edges(N, seed: 6))
        {
            ScalarSplit.Split(ToScalar(k), out HalfScalar first, out HalfScalar second);
            foreach (int width in new[] { 2, 5, 11 })
            {
                BigInteger k1 = Sum(digits, first.WriteDigits(width, digits), width);
                BigInteger k2 = Sum(digits, second.WriteDigits(width, digits), width);
                Assert.Equal(k % N, (((k1 + (k2 * lambda)) % N) + N) % N);
                Assert.True(BigInteger.Abs(k1) < BigInteger.One << 128);
                Assert.True(BigInteger.Abs(k2) < BigInteger.One << 128);
            }
        }
    }

    private static BigInteger Sum(ReadOnlySpan<short> digits, int used, int width)
    {
        BigInteger sum = BigInteger.Zero;
        for (int i = used - 1; i >= 0; i--)
        {
            Assert.True(digits[i] == 0 || ((digits[i] & 1) != 0 && Math.Abs((int)digits[i]) < 1 << (width - 1)));
            sum = (sum << 1) + digits[i];
        }

        return sum;
    }

    /// <summary>Values next to 0, to the modulus, to its half, to limb boundaries and to 2²⁵⁶, and random ones.</summary>
    private static BigInteger[] Edges(BigInteger modulus, int seed)
    {
        BigInteger top = BigInteger.One << 256;
        var values = new List<BigInteger>();
        foreach (BigInteger centre in new[] { 0, modulus, modulus / 2, top - modulus, BigInteger.One << 64, BigInteger.One << 128, BigInteger.One << 192, BigInteger.One << 255, top })
        {
            for (int offset = -2; offset <= 2; offset++)
            {
                values.Add(centre + offset);
            }
        }

        var random = new Random(seed);
        var bytes = new byte[32];
        for (int i = 0; i < 60; i++)
        {
            random.NextBytes(bytes);
            if (i % 3 == 0)
            {
                bytes.AsSpan(0, random.Next(33)).Fill(0xFF);
            }
            else if (i % 3 == 1)
            {
                bytes.AsSpan(random.Next(32), 1).Fill(0);
                bytes.AsSpan(0, random.Next(33)).Clear();
            }

            values.Add(new BigInteger(bytes, isUnsigned: true, isBigEndian: true));
        }

        return [.. values.Where(value => value.Sign >= 0 && value < top).Distinct()];
    }

    private static byte[] Bytes(BigInteger value)
    {
        byte[] digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - digits.Length], .. digits];
    }

    private static FieldElement Field(BigInteger value) => FieldElement.Read(Bytes(value));

    private static Scalar ToScalar(BigInteger value) => Scalar.ReadReduced(Bytes(value), out _);

    private static BigInteger Value(in FieldElement element)
    {
        Span<byte> bytes = stackalloc byte[32];
        element.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static BigInteger Value(in Scalar scalar)
    {
        Span<byte> bytes = stackalloc byte[32];
        scalar.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
