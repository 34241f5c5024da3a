using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// Step 3's set U: what checkpoints and the payloads of past rounds tell everyone. Only a direction matters, so each is kept as whole
/// numbers and scaled to the round's median norm in one rounding. A direction that does not exist or is zero is left out.
/// </summary>
internal static class PublicDirections
{
    /// <summary>
    /// H, the model's history: the last update, the last round's payloads together, the updates before, the way from genesis, and
    /// the weights themselves, along which a model grows or shrinks. A round that moved nothing has no update: its
    /// payloads together stand in that place, for as long as an update would.
    /// Made one at a time, because each can be as large as the model.
    /// </summary>
    public static IEnumerable<SparseDelta> History(SettlementInput input, ulong medianNorm)
    {
        IReadOnlyList<Checkpoint> chain = [input.Current, .. input.Past];
        for (int age = 0; age + 1 < chain.Count; age++)
        {
            SparseDelta update = Scale(Difference(chain[age], chain[age + 1]), medianNorm);
            if (update.Count > 0)
            {
                yield return update;
            }

            if ((age == 0 || update.Count == 0)
                && Scale(Sum(Payloads(input, age, medianNorm), input.Current.Weights.Length), medianNorm) is { Count: > 0 } together)
            {
                yield return together;
            }
        }

        if (Scale(Difference(input.Current, input.Origin), medianNorm) is { Count: > 0 } way)
        {
            yield return way;
        }

        if (Scale([.. input.Current.Weights.ToArray().Select(weight => (long)weight)], medianNorm) is { Count: > 0 } larger)
        {
            yield return larger;
        }
    }

    /// <summary>Every payload of round r − 1 − age.</summary>
    public static IEnumerable<SparseDelta> Payloads(SettlementInput input, int age, ulong medianNorm) =>
        input.PastPayloads.ElementAtOrDefault(age) is not { } round
            ? []
            : round.Where(payload => payload.Norm > 0).Select(payload => payload.Scale(medianNorm, payload.Norm)).Where(payload => payload.Count > 0);

    /// <summary>newer − older; each below 2³².</summary>
    private static long[] Difference(Checkpoint newer, Checkpoint older)
    {
        ReadOnlySpan<int> to = newer.Weights.Span;
        ReadOnlySpan<int> from = older.Weights.Span;
        var difference = new long[to.Length];
        for (int k = 0; k < difference.Length; k++)
        {
            difference[k] = (long)to[k] - from[k];
        }

        return difference;
    }

    /// <summary>Σ of at most 4,096 payloads; each below 2⁴³.</summary>
    private static long[] Sum(IEnumerable<SparseDelta> payloads, int dimension)
    {
        var sum = new long[dimension];
        foreach (SparseDelta payload in payloads)
        {
            for (int i = 0; i < payload.Count; i++)
            {
                sum[payload.Indices[i]] += payload.Values[i];
            }
        }

        return sum;
    }

    /// <summary>u · median / ⌊|u|⌋ per weight, to the nearest, saturated; no entries for a zero u.</summary>
    private static SparseDelta Scale(long[] direction, ulong medianNorm)
    {
        UInt128 squares = UInt128.Zero; // at most 2³¹ terms below 2⁸⁶
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
