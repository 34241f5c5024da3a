using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>New weights from old ones. Every change is rounded once, to the nearest, and every sum saturates.</summary>
internal static class ModelUpdate
{
    /// <summary>C + δ / divisor.</summary>
    public static int[] Probe(Checkpoint current, SparseDelta delta, int divisor)
    {
        int[] weights = current.Weights.ToArray();
        ReadOnlySpan<int> indices = delta.Indices;
        ReadOnlySpan<int> values = delta.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            ref int weight = ref weights[indices[i]];
            weight = Rounding.AddSaturating(weight, Rounding.Nearest(values[i], divisor));
        }

        return weights;
    }

    /// <summary>C + σ · Σ wᵢδᵢ / W, the quotient rounded once per weight.</summary>
    /// <param name="current">C.</param>
    /// <param name="deltas">δᵢ, clipped.</param>
    /// <param name="weights">wᵢ in Q16, or 1 each in a public step; zero leaves a delta out.</param>
    /// <param name="totalWeight">Σ wᵢ, in their unit; above zero.</param>
    /// <param name="step">σ.</param>
    public static int[] Step(
        Checkpoint current,
        IReadOnlyList<SparseDelta> deltas,
        IReadOnlyList<int> weights,
        long totalWeight,
        StepSize step)
    {
        var sums = new long[current.Weights.Length];
        for (int i = 0; i < deltas.Count; i++)
        {
            if (weights[i] != 0)
            {
                Accumulate(sums, deltas[i], weights[i]);
            }
        }

        long denominator = totalWeight * step.Denominator;
        int[] next = current.Weights.ToArray();
        for (int k = 0; k < sums.Length; k++)
        {
            if (sums[k] != 0)
            {
                next[k] = Rounding.AddSaturating(next[k], Rounding.Nearest(sums[k] * step.Numerator, denominator));
            }
        }

        return next;
    }

    private static void Accumulate(long[] sums, SparseDelta delta, long weight)
    {
        ReadOnlySpan<int> indices = delta.Indices;
        ReadOnlySpan<int> values = delta.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            sums[indices[i]] += weight * values[i];
        }
    }
}
