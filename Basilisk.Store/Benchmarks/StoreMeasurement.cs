namespace Basilisk.Store.Benchmarks;

/// <summary>One figure of <see cref="StoreBenchmark"/>.</summary>
/// <param name="Metric">What was measured, e.g. <c>append-single</c>.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit: <c>events/s</c> or <c>ms</c>.</param>
public sealed record StoreMeasurement(string Metric, double Value, string Unit);
