using System.Globalization;
using System.Numerics;
using Basilisk.Chain.Primitives;
using Xunit;

namespace Basilisk.Chain.Tests.Primitives;

public sealed class UInt256Tests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    [Fact]
    public void Arithmetic_agrees_with_big_integers_on_random_values()
    {
        var random = new Random(20261122);
        for (int i = 0; i < 20_000; i++)
        {
            UInt256 a = Draw(random);
            UInt256 b = Draw(random);
            BigInteger x = a;
            BigInteger y = b;

            Assert.Equal(x + y < Modulus, UInt256.TryAdd(a, b, out UInt256 sum));
            Assert.Equal((x + y) % Modulus, (BigInteger)sum);
            Assert.Equal(x >= y, UInt256.TrySubtract(a, b, out UInt256 difference));
            Assert.Equal((x - y + Modulus) % Modulus, (BigInteger)difference);
            Assert.Equal(x * y < Modulus, UInt256.TryMultiply(a, b, out UInt256 product));
            Assert.Equal((x * y) % Modulus, (BigInteger)product);
            if (!b.IsZero)
            {
                Assert.Equal(x / y, (BigInteger)(a / b));
                Assert.Equal(x % y, (BigInteger)(a % b));
            }

            int shift = random.Next(0, 300);
            Assert.Equal((x << shift) % Modulus, (BigInteger)(a << shift));
            Assert.Equal(x >> shift, (BigInteger)(a >> shift));
            Assert.Equal(x.CompareTo(y), a.CompareTo(b));
            Assert.Equal(x.ToString(CultureInfo.InvariantCulture), a.ToString());
            Assert.Equal(a, UInt256.Parse(a.ToString()));
            Assert.True(UInt256.TryParseHex(a.ToHex(), out UInt256 fromHex));
            Assert.Equal(a, fromHex);
            Assert.Equal(a, UInt256.FromBigEndian(a.ToBigEndian()));
            Assert.Equal((int)x.GetBitLength(), a.BitLength);
            Assert.Equal(a, (UInt256)x);
        }
    }

    [Fact]
    public void Division_corrects_a_quotient_digit_that_was_guessed_too_high()
    {
        // Operands that reach step D6 of Knuth's algorithm, which random values almost never do.
        BigInteger[] dividends = [(BigInteger.One << 255) + 3, (BigInteger)0x7FFFFFFF << 224 | BigInteger.One << 191, (BigInteger.One << 128) - 1];
        BigInteger[] divisors = [(BigInteger.One << 95) + (BigInteger.One << 64) - 1, (BigInteger.One << 160) - 1, (BigInteger.One << 63) + 1, (BigInteger.One << 79) + 1];
        foreach (BigInteger x in dividends)
        {
            foreach (BigInteger y in divisors)
            {
                (UInt256 quotient, UInt256 remainder) = UInt256.DivRem((UInt256)x, (UInt256)y);
                Assert.Equal(x / y, (BigInteger)quotient);
                Assert.Equal(x % y, (BigInteger)remainder);
            }
        }
    }

    [Fact]
    public void Overflow_throws_and_never_wraps()
    {
        Assert.Throws<OverflowException>(() => UInt256.MaxValue + UInt256.One);
        Assert.Throws<OverflowException>(() => UInt256.Zero - UInt256.One);
        Assert.Throws<OverflowException>(() => (UInt256.One << 128) * (UInt256.One << 128));
        Assert.Throws<DivideByZeroException>(() => UInt256.One / UInt256.Zero);
        Assert.Throws<OverflowException>(() => (UInt256)(-1));
        Assert.Throws<OverflowException>(() => (UInt256)(BigInteger.One << 256));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    public void Text_that_is_no_amount_is_not_parsed(string text) => Assert.False(UInt256.TryParse(text, out _));

    [Theory]
    [InlineData("0x")]
    [InlineData("0x00")]
    [InlineData("0x01")]
    [InlineData("1")]
    [InlineData("0xg")]
    [InlineData("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void Quantities_have_one_spelling(string text) => Assert.False(UInt256.TryParseHex(text, out _));

    [Theory]
    [InlineData("25", "25000000000000000000")]
    [InlineData("0.5", "500000000000000000")]
    [InlineData("1.000000000000000001", "1000000000000000001")]
    [InlineData("0", "0")]
    public void Coins_are_read_and_written_without_rounding(string coins, string wei)
    {
        Assert.True(Bsk.TryParse(coins, out UInt256 value));
        Assert.Equal(wei, value.ToString());
        Assert.Equal(coins, Bsk.Format(value));
    }

    [Theory]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.0000000000000000001")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    public void Coins_that_cannot_be_exact_are_not_read(string coins) => Assert.False(Bsk.TryParse(coins, out _));

    private static UInt256 Draw(Random random)
    {
        Span<byte> bytes = stackalloc byte[random.Next(0, 33)];
        random.NextBytes(bytes);
        if (random.Next(4) == 0)
        {
            bytes[..(bytes.Length / 2)].Fill(0xFF);
        }

        return UInt256.FromBigEndian(bytes);
    }
}
