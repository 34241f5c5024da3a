namespace Basilisk.Web.Charts;

/// <summary>What is done to points between the node and the screen. Each is named beside the chart.</summary>
public static class Smoothing
{
    /// <summary>
    /// Exponential moving average with the bias of its start taken out, as TensorBoard and Weights &amp; Biases draw it:
    /// m ← w·m + (1−w)·y, shown as m / (1 − wⁿ).
    /// </summary>
    /// <param name="points">By rising x.</param>
    /// <param name="weight">w, 0 (none) to just below 1.</param>
    public static IReadOnlyList<ChartPoint> Exponential(IReadOnlyList<ChartPoint> points, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(weight, 1);
        var smoothed = new ChartPoint[points.Count];
        double mean = 0, remaining = 1;
        for (var i = 0; i < smoothed.Length; i++)
        {
            mean = (weight * mean) + ((1 - weight) * points[i].Y);
            remaining *= weight;
            smoothed[i] = new ChartPoint(points[i].X, mean / (1 - remaining));
        }

        return smoothed;
    }

    /// <summary>
    /// Thins to at most <paramref name="most"/> points and keeps every stretch's lowest and highest, so that no spike is lost.
    /// </summary>
    public static IReadOnlyList<ChartPoint> Thin(IReadOnlyList<ChartPoint> points, int most)
    {
        if (points.Count <= most)
        {
            return points;
        }

        var buckets = (most - 2) / 2;
        var thinned = new List<ChartPoint>(most) { points[0] };
        var inner = points.Count - 2;
        for (var b = 0; b < buckets; b++)
        {
            var from = 1 + (int)((long)inner * b / buckets);
            var to = 1 + (int)((long)inner * (b + 1) / buckets);
            int low = from, high = from;
            for (var i = from + 1; i < to; i++)
            {
                low = points[i].Y < points[low].Y ? i : low;
                high = points[i].Y > points[high].Y ? i : high;
            }

            thinned.Add(points[Math.Min(low, high)]);
            if (low != high)
            {
                thinned.Add(points[Math.Max(low, high)]);
            }
        }

        thinned.Add(points[^1]);
        return thinned;
    }
}
