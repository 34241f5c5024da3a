namespace Basilisk.Exact.Arithmetic;

/// <summary>Exact integer square root.</summary>
public static class IntegerSquareRoot
{
    /// <summary>The largest r with r² ≤ value. Newton's iteration from above, which falls strictly until it is there.</summary>
    public static uint Floor(ulong value)
    {
        if (value < 2)
        {
            return (uint)value;
        }

        int bits = FixedPoint.BitLength(value);
        ulong estimate = bits >= 63 ? uint.MaxValue : 1UL << ((bits + 1) / 2);
        while (true)
        {
            ulong next = (estimate + (value / estimate)) >> 1;
            if (next >= estimate)
            {
                return (uint)estimate;
            }

            estimate = next;
        }
    }
}
