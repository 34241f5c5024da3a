using Basilisk.Store.Benchmarks;
using Basilisk.Store.Memory;
using Basilisk.Store.Tests.Support;

namespace Basilisk.Store.Tests.Postgres;

public sealed class BenchmarkTests(ClusterFixture cluster, ITestOutputHelper output)
{
    private static readonly string[] Metrics =
        ["append-single", "append-8-writers", "append-batch-100", "import-copy", "read", "append-to-notice-p50", "append-to-notice-p95"];

    /// <summary>BASILISK_BENCH_SECONDS lengthens each measurement; the default only shows that it measures.</summary>
    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("BASILISK_BENCH_SECONDS"), out var seconds) ? seconds : 0.2);

    [Fact]
    public async Task Every_metric_is_measured_on_PostgreSQL()
    {
        await using var store = await cluster.OpenAsync();
        AssertComplete(await StoreBenchmark.RunAsync(store, Duration));
    }

    [Fact]
    public async Task Every_metric_is_measured_in_memory()
    {
        await using var store = new MemoryStore();
        AssertComplete(await StoreBenchmark.RunAsync(store, TimeSpan.FromMilliseconds(20)));
    }

    private void AssertComplete(IReadOnlyList<StoreMeasurement> measurements)
    {
        foreach (var measurement in measurements)
        {
            output.WriteLine($"{measurement.Metric}: {measurement.Value:0.##} {measurement.Unit}");
        }
        Assert.Equal(Metrics, measurements.Select(m => m.Metric));
        Assert.All(measurements, m => Assert.True(m.Value > 0 && double.IsFinite(m.Value)));
    }
}
