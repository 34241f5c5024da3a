using System.Numerics;

namespace Basilisk.Exact.Arithmetic;

/// <summary>
/// Fixed-point helpers under the project's one rounding rule: half up, floor(x + ½), also for negative numbers.
/// A "Qf" number is an integer whose unit is 2⁻ᶠ.
/// </summary>
public static class FixedPoint
{
    /// <summary>value / 2^shift, rounded half up.</summary>
    /// <param name="value">At most 2^62 in magnitude, so that adding half a unit cannot overflow.</param>
    /// <param name="shift">0 to 62.</param>
    public static long RoundShift(long value, int shift) =>
        shift == 0 ? value : (value + (1L << (shift - 1))) >> shift;

    /// <summary>numerator / denominator, rounded half up: floor((2n + d) / 2d).</summary>
    /// <param name="numerator">|2n| + d must stay below 2^63.</param>
    /// <param name="denominator">Positive.</param>
    public static long RoundDivide(long numerator, long denominator)
    {
        long doubled = (2 * numerator) + denominator;
        long divisor = 2 * denominator;
        long quotient = doubled / divisor;

        // C# truncates towards zero; floor is one lower for a negative inexact quotient.
        return doubled < 0 && quotient * divisor != doubled ? quotient - 1 : quotient;
    }

    /// <summary>The nearest number in ±(2^31 − 1). The range is symmetric so that a negation never overflows.</summary>
    public static int Saturate(long value) => (int)Math.Clamp(value, -int.MaxValue, int.MaxValue);

    /// <summary>
    /// value · 2^(−shift) as a saturated int32: rounds half up for a positive shift, multiplies for a negative one.
    /// </summary>
    /// <param name="value">At most 2^62 in magnitude.</param>
    /// <param name="shift">−31 to 62.</param>
    public static int Rescale(long value, int shift) =>
        shift >= 0
            ? Saturate(RoundShift(value, shift))
            : Saturate((long)Saturate(value) << -shift);

    /// <summary>Number of bits of a non-negative number; 0 for 0.</summary>
    public static int BitLength(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
