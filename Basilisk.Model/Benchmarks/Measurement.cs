namespace Basilisk.Model.Benchmarks;

/// <summary>One figure of a benchmark.</summary>
/// <param name="Bench">gemm, train or decode.</param>
/// <param name="Metric">What was measured, sizes included.</param>
/// <param name="Value">The median.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Baseline">The peer's median in the same run, null where the peer is not installed.</param>
/// <param name="Peer">Whom the baseline belongs to.</param>
public sealed record Measurement(string Bench, string Metric, double Value, string Unit, double? Baseline = null, string? Peer = null)
{
    /// <summary>Value over baseline.</summary>
    public double? Ratio => Baseline is > 0 ? Value / Baseline : null;
}

/// <summary>Times work by the machine's steady clock.</summary>
internal static class Stopwatches
{
    /// <summary>Seconds that one call of <paramref name="work"/> takes.</summary>
    public static double Seconds(TimeProvider time, Action work)
    {
        long start = time.GetTimestamp();
        work();
        return time.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
