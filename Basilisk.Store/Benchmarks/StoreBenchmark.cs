using System.Diagnostics;
using System.Globalization;
using Basilisk.Store.Events;

namespace Basilisk.Store.Benchmarks;

/// <summary>
/// Measures a store: single appends by one and by eight writers, batches, import, reading, and the time from an append to a
/// subscriber's notice. Writes to streams of its own; run it on a schema that can be thrown away.
/// </summary>
public static class StoreBenchmark
{
    private const int Writers = 8, Batch = 100, Imported = 50_000, Latencies = 200;

    /// <summary>About 200 bytes, the size of a small real event.</summary>
    private const string Body =
        """{"node":"n1","job":"j1","tokens":123,"latencyMs":45.6,"note":"a body of roughly two hundred bytes, so that this is not a toy insert; padding padding padding padding"}""";

    /// <param name="store">An open store.</param>
    /// <param name="perMetric">How long each of the open-ended measurements runs.</param>
    /// <param name="progress">Gets each figure when it is known.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<IReadOnlyList<StoreMeasurement>> RunAsync(
        IStore store, TimeSpan perMetric, IProgress<StoreMeasurement>? progress = null, CancellationToken cancellationToken = default)
    {
        var events = store.Events;
        var run = Guid.NewGuid().ToString("N");
        var measurements = new List<StoreMeasurement>();
        // Connections, plans and caches first: none of them belongs to the figures.
        await AppendForAsync(events, run + "-warm", Writers, 1, TimeSpan.FromTicks(perMetric.Ticks / 4), cancellationToken);
        Report("append-single", await AppendForAsync(events, run + "-single", 1, 1, perMetric, cancellationToken), "events/s");
        Report("append-8-writers", await AppendForAsync(events, run + "-many", Writers, 1, perMetric, cancellationToken), "events/s");
        Report("append-batch-100", await AppendForAsync(events, run + "-batch", 1, Batch, perMetric, cancellationToken), "events/s");
        var before = await events.HighWaterMarkAsync(cancellationToken);
        Report("import-copy", await ImportAsync(events, run + "-import", cancellationToken), "events/s");
        Report("read", await ReadAsync(events, before, cancellationToken), "events/s");
        var latencies = await LatenciesAsync(events, run + "-latency", cancellationToken);
        Report("append-to-notice-p50", latencies[Latencies / 2], "ms");
        Report("append-to-notice-p95", latencies[Latencies * 95 / 100], "ms");
        return measurements;

        void Report(string metric, double value, string unit)
        {
            measurements.Add(new StoreMeasurement(metric, value, unit));
            progress?.Report(measurements[^1]);
        }
    }

    private static async Task<double> AppendForAsync(
        IEventStore events, string stream, int writers, int batch, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var name = stream + writer.ToString(CultureInfo.InvariantCulture);
            var version = 0L;
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                version = (await events.AppendAsync(name, version, Events(batch), cancellationToken: cancellationToken)).Version;
            }
            return version;
        }));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> ImportAsync(IEventStore events, string stream, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var count = await events.ImportAsync(Source(), cancellationToken);
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;

        async IAsyncEnumerable<ImportEvent> Source()
        {
            await Task.CompletedTask;
            var @event = Events(1)[0];
            for (var i = 0; i < Imported; i++)
            {
                yield return new ImportEvent(stream, @event);
            }
        }
    }

    private static async Task<double> ReadAsync(IEventStore events, long after, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0L;
        while (await events.ReadPageAsync(after, 1000, cancellationToken) is { Count: > 0 } page)
        {
            count += page.Count;
            after = page[^1].Sequence;
        }
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Milliseconds from the start of an append to the subscriber's notice, ascending.</summary>
    private static async Task<double[]> LatenciesAsync(IEventStore events, string stream, CancellationToken cancellationToken)
    {
        var mark = await events.HighWaterMarkAsync(cancellationToken);
        await using var marks = events.SubscribeAsync(mark, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var latencies = new double[Latencies];
        // The first round sets up the subscription and is not counted.
        for (var i = -1; i < Latencies; i++)
        {
            var notice = marks.MoveNextAsync();
            var start = Stopwatch.GetTimestamp();
            await events.AppendAsync(stream, i + 1, Events(1), cancellationToken: cancellationToken);
            await notice;
            if (i >= 0)
            {
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }
        Array.Sort(latencies);
        return latencies;
    }

    private static NewEvent[] Events(int count) => [.. Enumerable.Repeat(new NewEvent("job_progressed", Body, "Basilisk.JobProgressed"), count)];
}
