using System.Numerics;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Tests.Judging;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Basilisk.Exact.Tests.Arithmetic;

public sealed class FixedPointTests
{
    private static readonly long[] Edges =
        [0, 1, -1, 2, -2, 3, -3, int.MaxValue, -(long)int.MaxValue, int.MinValue, (1L << 31) + 1, 1L << 61, -(1L << 61), (1L << 62) - 1, 1L << 62, -(1L << 62)];

    [Fact]
    public void Shifts_round_half_up()
    {
        Prop.ForAll<long, byte>((value, count) =>
        {
            int shift = count % 63;
            long inRange = value >> 1;
            return FixedPoint.RoundShift(inRange, shift) == HalfUp(inRange, BigInteger.One << shift);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Shifts_round_half_up_at_the_edges()
    {
        foreach (long value in Edges)
        {
            for (int shift = 0; shift <= 62; shift++)
            {
                Assert.Equal((long)HalfUp(value, BigInteger.One << shift), FixedPoint.RoundShift(value, shift));
            }
        }
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-3, -1)]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    [InlineData(-2, -1)]
    public void A_half_goes_up_for_either_sign(long value, long expected)
    {
        Assert.Equal(expected, FixedPoint.RoundShift(value, 1));
        Assert.Equal(expected, FixedPoint.RoundDivide(value, 2));
    }

    [Fact]
    public void Divisions_round_half_up()
    {
        Prop.ForAll<long, int>((value, number) =>
        {
            long numerator = value >> 2;
            long denominator = Math.Abs((long)number) + 1;
            return FixedPoint.RoundDivide(numerator, denominator) == HalfUp(numerator, denominator);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Rescaling_saturates_symmetrically()
    {
        var random = new SampleModels(1);
        for (int i = 0; i < 20_000; i++)
        {
            long value = i < Edges.Length ? Edges[i] : (long)random.Next() >> (2 + random.Below(60));
            int shift = random.Below(94) - 31;
            BigInteger exact = shift >= 0 ? HalfUp(value, BigInteger.One << shift) : (BigInteger)value << -shift;
            BigInteger expected = BigInteger.Max(-int.MaxValue, BigInteger.Min(int.MaxValue, exact));
            Assert.Equal((int)expected, FixedPoint.Rescale(value, shift));
        }
    }

    [Fact]
    public void Square_roots_are_the_floor()
    {
        var random = new SampleModels(2);
        var values = new List<ulong> { 0, 1, 2, 3, 4, ulong.MaxValue, 1UL << 60, 1UL << 62, (1UL << 62) - 1 };
        foreach (ulong root in (ulong[])[65_535, 65_536, 1UL << 30, 1UL << 31, uint.MaxValue])
        {
            values.AddRange([(root * root) - 1, root * root, (root * root) + 1]);
        }

        for (int i = 0; i < 20_000; i++)
        {
            values.Add(random.Next() >> random.Below(64));
        }

        foreach (ulong value in values)
        {
            UInt128 root = IntegerSquareRoot.Floor(value);
            Assert.True(root * root <= value && (root + 1) * (root + 1) > value, $"√{value} gave {root}");
        }
    }

    private static BigInteger HalfUp(BigInteger numerator, BigInteger denominator)
    {
        BigInteger doubled = (2 * numerator) + denominator;
        BigInteger quotient = BigInteger.DivRem(doubled, 2 * denominator, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }
}
