using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Simd;

namespace Basilisk.Exact.Judging;

/// <summary>−ln of the probability that a softmax over logits gives to one token.</summary>
internal static class CrossEntropy
{
    /// <summary>Fraction bits of a logit.</summary>
    public const int LogitBits = 20;

    /// <summary>Below the largest logit by more than this, e^(−d) rounds to 0 in Q30.</summary>
    internal const long Limit = 22L << LogitBits;

    /// <summary>round(2^30 · log2 e).</summary>
    internal const long Log2E = 1_549_082_005;

    internal const int ToExponentShift = 30 + LogitBits - ExponentialTable.ArgumentBits;

    /// <summary>The loss in nats, 24 fraction bits; never negative.</summary>
    /// <param name="logits">Q20, within ±(2^31 − 1).</param>
    /// <param name="target">Index of the true token.</param>
    /// <param name="kernels">Inner loops.</param>
    public static long Loss(ReadOnlySpan<int> logits, int target, KernelSet kernels)
    {
        int largest = kernels.Largest(logits);
        long logarithm = LogarithmTable.Log2(kernels.SumExponentials(logits, largest)) - ((long)ExponentialTable.ValueBits << LogarithmTable.ValueBits);
        return LogarithmTable.ToNats(logarithm) + (((long)largest - logits[target]) << (24 - LogitBits));
    }

    /// <summary>Σ e^(logit − largest) in Q30.</summary>
    internal static long SumExponentials(ReadOnlySpan<int> logits, int largest)
    {
        long sum = 0;
        foreach (int logit in logits)
        {
            sum += Weight((long)largest - logit);
        }

        return sum;
    }

    internal static int Largest(ReadOnlySpan<int> logits)
    {
        int largest = logits[0];
        foreach (int logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        return largest;
    }

    /// <summary>e^(−distance) in Q30.</summary>
    private static int Weight(long distance) => distance > Limit
        ? 0
        : ExponentialTable.Negative((uint)FixedPoint.RoundShift(distance * Log2E, ToExponentShift), ExponentialTable.ValueBits);
}
