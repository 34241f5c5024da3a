using System.Numerics;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Xunit;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>The slope that a span of probed directions tells, on a loss that is a plane: gain of a delta = its product with the slope.</summary>
public sealed class PublicSpanTests
{
    private static readonly int[] Slope = [5, -3, 7, 11, 0, -2];

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(-4, 1, 0)]
    [InlineData(3, -5, 2)]
    public void Of_a_sum_of_directions_everything_is_known(int first, int second, int third)
    {
        PublicSpan span = Span([4, 1, 0, 0, 0, 0], [0, 2, 0, -3, 0, 0], [1, 0, 5, 0, 0, 2]);
        SparseDelta sum = Delta((4 * first) + third, first + (2 * second), 5 * third, -3 * second, 0, 2 * third);
        Assert.Equal([BigInteger.Max(0, Gain(sum))], span.KnownParts([sum], [true]));
    }

    [Fact]
    public void Of_what_is_square_to_all_directions_nothing_is_known()
    {
        PublicSpan span = Span([4, 1, 0, 0, 0, 0], [0, 2, 0, -3, 0, 0]);
        Assert.Equal([BigInteger.Zero], span.KnownParts([Delta(0, 0, 9, 0, 4, 1)], [true]));
    }

    [Fact]
    public void A_direction_that_is_nearly_known_is_not_probed_and_changes_nothing()
    {
        var probed = new List<SparseDelta>();
        var span = new PublicSpan(Slope.Length);
        foreach (SparseDelta direction in new[] { Delta(400, 100, 0, 0, 0, 0), Delta(401, 99, 1, 0, 0, 0), Delta(-800, -200, 0, 0, 0, 0), Delta(0, 0, 0, 9, 0, 0) })
        {
            span.Add(direction, taken =>
            {
                probed.Add(taken);
                return Gain(taken);
            });
        }

        Assert.Equal([Delta(400, 100, 0, 0, 0, 0), Delta(0, 0, 0, 9, 0, 0)], probed);
        Assert.Equal([BigInteger.Zero], span.KnownParts([Delta(0, 0, 1, 0, 0, 0)], [true]));
    }

    [Fact]
    public void Only_those_asked_for_are_told_and_an_empty_span_knows_nothing()
    {
        SparseDelta delta = Delta(4, 1, 0, 0, 0, 0);
        Assert.Equal([BigInteger.Zero, Gain(delta)], Span([4, 1, 0, 0, 0, 0]).KnownParts([delta, delta], [false, true]));
        Assert.Equal([BigInteger.Zero], new PublicSpan(Slope.Length).KnownParts([delta], [true]));
    }

    private static PublicSpan Span(params int[][] directions)
    {
        var span = new PublicSpan(Slope.Length);
        foreach (int[] direction in directions)
        {
            span.Add(Delta(direction), Gain);
        }

        return span;
    }

    private static long Gain(SparseDelta delta) => (long)delta.Dot(Slope);

    private static SparseDelta Delta(params int[] values)
    {
        int[] indices = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        return new SparseDelta(values.Length, indices, [.. indices.Select(i => values[i])]);
    }
}
