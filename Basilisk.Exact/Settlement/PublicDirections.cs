using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// Step 3's set U: what past checkpoints and the last round's payloads tell everyone. Only a direction matters, so each is
/// kept as whole numbers times a positive constant, and scaled to the round's median norm in one rounding.
/// </summary>
internal static class PublicDirections
{
    private const int MeanOf = 4;

    /// <summary>The directions that exist, scaled; a zero direction has no entries. Made one at a time, because each can be as large as the model.</summary>
    public static IEnumerable<SparseDelta> Of(SettlementInput input, ulong medianNorm)
    {
        IEnumerable<SparseDelta> fromPast = FromPast(input.Current, input.Past).Select(direction => Scale(direction(), medianNorm));
        return fromPast.Concat(input.PreviousPayloads.Select(payload => payload.Norm == 0 ? payload : payload.Scale(medianNorm, payload.Norm)));
    }

    private static List<Func<long[]>> FromPast(Checkpoint current, IReadOnlyList<Checkpoint> past)
    {
        var directions = new List<Func<long[]>>();
        if (past.Count >= 1)
        {
            directions.Add(() => LastUpdate(current, past[0]));
            directions.Add(() => DecayedUpdates(current, past));
        }

        if (past.Count >= MeanOf - 1)
        {
            directions.Add(() => MeanLessCurrent(current, past));
        }

        return directions;
    }

    /// <summary>C − C_{r−1}.</summary>
    private static long[] LastUpdate(Checkpoint current, Checkpoint previous) => Combine(current, [previous], [1, -1]);

    /// <summary>5⁵ · Σ_{j&lt;6} (4/5)^j (C_{r−j} − C_{r−j−1}), over the j for which both exist.</summary>
    private static long[] DecayedUpdates(Checkpoint current, IReadOnlyList<Checkpoint> past)
    {
        var factors = new long[past.Count + 1];
        long term = 3125; // 5⁵
        for (int j = 0; j < past.Count; j++)
        {
            factors[j] += term;
            factors[j + 1] -= term;
            term = term / 5 * 4;
        }

        return Combine(current, past, factors);
    }

    /// <summary>4 · (mean(C, C_{r−1}, C_{r−2}, C_{r−3}) − C).</summary>
    private static long[] MeanLessCurrent(Checkpoint current, IReadOnlyList<Checkpoint> past) => Combine(current, past, [-3, 1, 1, 1]);

    /// <summary>Σ factor · checkpoint, the current one first. |factors| sum to at most 2¹⁵, so each result is below 2⁴⁶.</summary>
    private static long[] Combine(Checkpoint current, IReadOnlyList<Checkpoint> past, ReadOnlySpan<long> factors)
    {
        var sum = new long[current.Weights.Length];
        for (int c = 0; c < factors.Length; c++)
        {
            ReadOnlySpan<int> weights = (c == 0 ? current : past[c - 1]).Weights.Span;
            long factor = factors[c];
            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += factor * weights[k];
            }
        }

        return sum;
    }

    /// <summary>u · median / ⌊|u|⌋ per weight, to the nearest, saturated; no entries for a zero u.</summary>
    private static SparseDelta Scale(long[] direction, ulong medianNorm)
    {
        UInt128 squares = UInt128.Zero; // at most 2³¹ terms below 2⁹²
        foreach (long value in direction)
        {
            ulong magnitude = (ulong)Math.Abs(value);
            squares += (UInt128)magnitude * magnitude;
        }

        ulong norm = Rounding.SquareRoot(squares);
        var indices = new List<int>();
        var values = new List<int>();
        for (int k = 0; norm > 0 && k < direction.Length; k++)
        {
            int scaled = Rounding.ScaleSaturating(direction[k], medianNorm, norm);
            if (scaled != 0)
            {
                indices.Add(k);
                values.Add(scaled);
            }
        }

        return new SparseDelta(direction.Length, [.. indices], [.. values]);
    }
}
