using Basilisk.Node.Hosting;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Store;
using Basilisk.Store.Benchmarks;

namespace Basilisk.Node.Cli.Bench;

/// <summary>The event store on a private PostgreSQL of its own, which is removed afterwards.</summary>
internal sealed class StoreBench : IBench
{
    private static readonly TimeSpan PerMetric = TimeSpan.FromSeconds(3);

    public async Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-bench-").FullName;
        try
        {
            using DataDirectory directory = DataDirectory.Open(folder);
            await using IStore store = await StoreOpener.OpenAsync(new StorageOptions(), directory, new ErrorCounter(), run.Time, cancellation);
            foreach (StoreMeasurement figure in await StoreBenchmark.RunAsync(store, PerMetric, new Relay(run), cancellation))
            {
                run.Add(new BenchLine("store", figure.Metric, figure.Value, figure.Unit));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Relay(BenchRun run) : IProgress<StoreMeasurement>
    {
        public void Report(StoreMeasurement value) => run.Say($"store {value.Metric}");
    }
}
