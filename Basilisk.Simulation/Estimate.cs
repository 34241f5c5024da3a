namespace Basilisk.Simulation;

/// <summary>A mean over independent runs.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Error">Its standard error; 0 of a single run, which has none.</param>
public readonly record struct Estimate(double Mean, double Error)
{
    public static Estimate Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new Estimate(mean, values.Count < 2 ? 0 : Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }
}
