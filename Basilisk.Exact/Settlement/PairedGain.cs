using System.Numerics;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// The gain of one model over another on one batch and its standard error, from the two losses of each sequence.
/// </summary>
/// <param name="Total">Σ dᵢ with dᵢ = before − after of sequence i, nats · 2²⁴.</param>
/// <param name="Error">⌊√⌊(N Σd² − (Σd)²) / (N − 1)⌋⌋: the paired standard error of the total; 0 for one sequence.</param>
internal readonly record struct PairedGain(long Total, long Error)
{
    public static PairedGain Of(ReadOnlySpan<long> before, ReadOnlySpan<long> after)
    {
        if (before.Length != after.Length)
        {
            throw new InvalidOperationException($"Losses of {before.Length} and {after.Length} sequences cannot be paired.");
        }

        long total = 0;
        UInt128 squares = UInt128.Zero; // N ≤ 2²⁴ terms of at most 2¹¹⁰ / N², by the cap on a batch's total of 2⁵⁵
        for (int i = 0; i < before.Length; i++)
        {
            long difference = before[i] - after[i];
            total += difference;
            ulong magnitude = (ulong)Math.Abs(difference);
            squares += (UInt128)magnitude * magnitude;
        }

        if (before.Length < 2)
        {
            return new PairedGain(total, 0);
        }

        BigInteger spread = (before.Length * (BigInteger)squares) - ((BigInteger)total * total);
        return new PairedGain(total, (long)Rounding.SquareRoot((UInt128)(spread / (before.Length - 1))));
    }

    /// <summary>Whether a gain is above zero and at least so many errors.</summary>
    public static bool IsSignificant(long gain, long error, int errors) => gain > 0 && gain >= (Int128)errors * error;
}
