using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Simd;

namespace Basilisk.Exact.Judging;

/// <summary>
/// RMSNorm (Zhang and Sennrich 2019), ε = 1e-5, of one token of the residual stream, times a gain: the result is wide
/// (Q48) and meant to be quantised at once.
/// </summary>
internal static class RootMeanSquareNorm
{
    /// <summary>Fraction bits of the result: 24 of the normalised value, 24 of the gain.</summary>
    public const int ResultBits = 48;

    /// <summary>round(1e-5 · 2^40): ε in the unit of a squared residual.</summary>
    private const long Epsilon = 10_995_116;

    private const int SquareOperandBits = 24;

    /// <param name="residual">One token, Q20, within ±(2^31 − 1).</param>
    /// <param name="gain">Master weights, Q24.</param>
    /// <param name="result">residual / rms · gain, Q48; below 2^62 in magnitude.</param>
    /// <param name="kernels">Inner loops.</param>
    public static void Apply(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, Span<long> result, KernelSet kernels)
    {
        (long inverse, int shift) = InverseRoot(residual, kernels);
        kernels.Normalise(residual, gain, inverse, shift, result);
    }

    internal static void Scale(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, long inverse, int shift, Span<long> result)
    {
        for (int i = 0; i < residual.Length; i++)
        {
            // |normalised| ≤ √width in Q24, below 2^31 for widths up to 8,192.
            long normalised = FixedPoint.RoundShift(residual[i] * inverse, shift);
            result[i] = normalised * gain[i];
        }
    }

    internal static long SumSquares(ReadOnlySpan<int> values, int shift)
    {
        long sum = 0;
        foreach (int value in values)
        {
            long reduced = FixedPoint.RoundShift(value, shift);
            sum += reduced * reduced;
        }

        return sum;
    }

    /// <summary>The factor and shift with which RoundShift(x · factor, shift) is x / rms in Q24.</summary>
    private static (long Inverse, int Shift) InverseRoot(ReadOnlySpan<int> residual, KernelSet kernels)
    {
        // Large tokens lose their last bits before squaring, so that 8,192 squares of 24-bit numbers stay below 2^62.
        int reduce = Math.Max(0, FixedPoint.BitLength(kernels.CombineMagnitudes(residual)) - SquareOperandBits);
        long squares = kernels.SumSquares(residual, reduce);
        long mean = FixedPoint.RoundDivide(squares, residual.Length) + FixedPoint.RoundShift(Epsilon, 2 * reduce);

        // An even shift brings the mean to 61 or 62 bits and its root to 31, so the root is good to 2^-30 of itself.
        int raise = (62 - FixedPoint.BitLength((ulong)mean)) / 2;
        long root = IntegerSquareRoot.Floor((ulong)mean << (2 * raise));
        long inverse = FixedPoint.RoundDivide(1L << 61, root);
        return (inverse, 37 + reduce - raise);
    }
}
