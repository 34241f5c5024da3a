namespace Basilisk.Exact.Settlement;

/// <summary>Order statistics that are always one of the values.</summary>
internal static class Quantile
{
    /// <summary>Of n ascending values number ⌊(n − 1) / parts⌋ from 0: the lower median for 2 parts, the lower quartile for 4; 0 for none.</summary>
    /// <param name="values">In any order; sorted here.</param>
    /// <param name="parts">At least 1.</param>
    public static ulong Lower(ulong[] values, int parts)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(values.Length - 1) / parts];
    }
}
