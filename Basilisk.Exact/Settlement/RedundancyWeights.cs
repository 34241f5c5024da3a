namespace Basilisk.Exact.Settlement;

/// <summary>Step 4: a delta sent under eight names weighs as one.</summary>
internal static class RedundancyWeights
{
    /// <summary>1 in Q16.</summary>
    public const int One = 1 << 16;

    /// <summary>wᵢ = ⌊2³² / Σⱼ cᵢⱼ⌋ in Q16; 0 for a row of zeros, which is a delta that is not accepted.</summary>
    /// <param name="likeness">From <see cref="DeltaLikeness"/>.</param>
    public static int[] Of(int[][] likeness) =>
        [.. likeness.Select(row => row.Sum(value => (long)value)).Select(sum => sum == 0 ? 0 : (int)((1L << 32) / sum))];
}
