using System.Numerics;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Xunit;

namespace Basilisk.Exact.Tests.Payloads;

public sealed class SparseDeltaTests
{
    private static readonly SeedStream Stream = new(Hash256.Zero, "sparse-delta");

    [Fact]
    public void Products_and_norms_agree_with_whole_numbers_of_any_width()
    {
        for (int i = 0; i < 300; i++)
        {
            (SparseDelta left, int[] leftDense) = Random(200);
            (SparseDelta right, int[] rightDense) = Random(200);
            BigInteger product = Sum(leftDense.Zip(rightDense, (x, y) => (BigInteger)x * y));
            Assert.Equal(product, left.Dot(right));
            Assert.Equal(product, right.Dot(left));
            Assert.Equal(product, left.Dot(rightDense));
            Assert.Equal(product << 31, left.Dot([.. rightDense.Select(value => (long)value << 31)]));
            BigInteger square = Sum(leftDense.Select(value => (BigInteger)value * value));
            Assert.Equal(square, left.SquaredNorm);
            Assert.True((BigInteger)left.Norm * left.Norm <= square && square < ((BigInteger)left.Norm + 1) * ((BigInteger)left.Norm + 1));
        }
    }

    [Fact]
    public void The_largest_values_overflow_nothing()
    {
        int[] indices = [.. Enumerable.Range(0, 5000)];
        int[] values = [.. indices.Select(_ => int.MaxValue)];
        var delta = new SparseDelta(5000, indices, values);
        BigInteger expected = 5000 * (BigInteger)int.MaxValue * int.MaxValue;
        Assert.Equal(expected, delta.SquaredNorm);
        Assert.Equal(expected, delta.Dot(delta));
    }

    [Fact]
    public void Scaling_rounds_to_the_nearest_ties_away_from_zero_and_drops_what_becomes_zero()
    {
        var delta = new SparseDelta(9, [0, 1, 2, 3, 4, 5, 6], [1, -1, 2, -2, 3, -3, 5]);
        SparseDelta half = delta.Scale(1, 2);
        Assert.Equal([1, -1, 1, -1, 2, -2, 3], half.Values.ToArray());
        SparseDelta third = delta.Scale(1, 3);
        Assert.Equal([2, 3, 4, 5, 6], third.Indices.ToArray());
        Assert.Equal([1, -1, 1, -1, 2], third.Values.ToArray());
    }

    [Fact]
    public void Scaling_agrees_with_whole_numbers_of_any_width_and_saturates()
    {
        for (int i = 0; i < 300; i++)
        {
            (SparseDelta delta, _) = Random(50);
            ulong numerator = Stream.NextUInt64() >> (int)Stream.NextBelow(60);
            ulong denominator = 1 + (Stream.NextUInt64() >> (1 + (int)Stream.NextBelow(60)));
            SparseDelta scaled = delta.Scale(numerator, denominator);
            var expected = new SortedDictionary<int, int>();
            for (int j = 0; j < delta.Count; j++)
            {
                BigInteger magnitude = ((BigInteger.Abs(delta.Values[j]) * numerator) + (denominator / 2)) / denominator;
                int limited = (int)BigInteger.Min(magnitude, int.MaxValue);
                if (limited != 0)
                {
                    expected.Add(delta.Indices[j], delta.Values[j] < 0 ? -limited : limited);
                }
            }

            Assert.Equal(expected.Keys, scaled.Indices.ToArray());
            Assert.Equal(expected.Values, scaled.Values.ToArray());
        }
    }

    [Fact]
    public void Square_roots_are_exact_at_every_edge()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            ulong root = ulong.MaxValue >> bit;
            UInt128 square = (UInt128)root * root;
            Assert.Equal(root, Rounding.SquareRoot(square));
            Assert.Equal(root - 1, Rounding.SquareRoot(square - 1));
            Assert.Equal(root, Rounding.SquareRoot(square + (2 * (UInt128)root)));
        }

        Assert.Equal(0ul, Rounding.SquareRoot(0));
        Assert.Equal(ulong.MaxValue, Rounding.SquareRoot(UInt128.MaxValue));
    }

    [Theory]
    [InlineData(new[] { 2, 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 1, 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 1, 10 }, new[] { 1, 1 })]
    [InlineData(new[] { 1, 2 }, new[] { 0, 1 })]
    [InlineData(new[] { 1, 2 }, new[] { 1, int.MinValue })]
    [InlineData(new[] { 1, 2 }, new[] { 1 })]
    public void A_delta_that_breaks_its_rules_is_a_callers_error(int[] indices, int[] values) =>
        Assert.Throws<ArgumentException>(() => new SparseDelta(10, indices, values));

    private static (SparseDelta Delta, int[] Dense) Random(int dimension)
    {
        var dense = new int[dimension];
        for (int k = 0; k < dimension; k++)
        {
            int value = (int)(uint)Stream.NextUInt64() >> (int)Stream.NextBelow(32);
            dense[k] = Stream.NextBelow(3) == 0 || value == int.MinValue ? 0 : value;
        }

        int[] indices = [.. Enumerable.Range(0, dimension).Where(k => dense[k] != 0)];
        return (new SparseDelta(dimension, indices, [.. indices.Select(k => dense[k])]), dense);
    }

    private static BigInteger Sum(IEnumerable<BigInteger> values) => values.Aggregate(BigInteger.Zero, (sum, value) => sum + value);
}
