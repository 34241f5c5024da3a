using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Judging;

/// <summary>−ln of the probability that a softmax over logits gives to one token.</summary>
internal static class CrossEntropy
{
    /// <summary>Fraction bits of a logit.</summary>
    public const int LogitBits = 20;

    /// <summary>Below the largest logit by more than this, e^(−d) rounds to 0 in Q30.</summary>
    private const long Limit = 22L << LogitBits;

    /// <summary>round(2^30 · log2 e).</summary>
    private const long Log2E = 1_549_082_005;

    private const int ToExponentShift = 30 + LogitBits - ExponentialTable.ArgumentBits;

    /// <summary>The loss in nats, 24 fraction bits; never negative.</summary>
    /// <param name="logits">Q20, within ±(2^31 − 1).</param>
    /// <param name="target">Index of the true token.</param>
    public static long Loss(ReadOnlySpan<int> logits, int target)
    {
        int largest = Largest(logits);
        long sum = 0;
        foreach (int logit in logits)
        {
            sum += Weight((long)largest - logit);
        }

        long logarithm = LogarithmTable.Log2(sum) - ((long)ExponentialTable.ValueBits << LogarithmTable.ValueBits);
        return LogarithmTable.ToNats(logarithm) + (((long)largest - logits[target]) << (24 - LogitBits));
    }

    private static int Largest(ReadOnlySpan<int> logits)
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
