namespace Basilisk.Simulation;

/// <summary>A mean over independent runs and its standard error; 0 for one run.</summary>
internal readonly record struct MeanError(double Mean, double Error)
{
    public static MeanError Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new MeanError(mean, values.Count < 2 ? 0 : Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }
}
