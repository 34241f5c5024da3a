namespace Basilisk.Node.Sieges;

/// <summary>Quantiles of measured values.</summary>
internal static class Quantile
{
    /// <summary>The least value that at least this share of them do not exceed; 0 of none.</summary>
    /// <param name="sorted">Values, rising.</param>
    /// <param name="share">Above 0, at most 1.</param>
    public static double Of(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
