using Basilisk.Model.Benchmarks;

namespace Basilisk.Node.Cli.Bench;

/// <summary>Matrix products, beside OpenBLAS.</summary>
internal sealed class GemmBench : IBench
{
    public Task RunAsync(BenchRun run, CancellationToken cancellation) => Figures.AddAsync(run, () => GemmBenchmark.Run(run.Threads, run.Time, cancellation));
}

/// <summary>Whole optimiser steps, beside PyTorch.</summary>
internal sealed class TrainBench : IBench
{
    public Task RunAsync(BenchRun run, CancellationToken cancellation) => Figures.AddAsync(run, () => TrainBenchmark.Run(run.Threads, run.Time, cancellation));
}

/// <summary>Reading and writing text, one conversation on one thread.</summary>
internal sealed class DecodeBench : IBench
{
    public Task RunAsync(BenchRun run, CancellationToken cancellation) => Figures.AddAsync(run, () => DecodeBenchmark.Run(run.Time, cancellation));
}

/// <summary>The model project's measurements as lines.</summary>
internal static class Figures
{
    public static Task AddAsync(BenchRun run, Func<IReadOnlyList<Measurement>> measure)
    {
        foreach (Measurement figure in measure())
        {
            run.Add(new BenchLine(figure.Bench, figure.Metric, figure.Value, figure.Unit, figure.Baseline, figure.Ratio, figure.Peer));
        }

        return Task.CompletedTask;
    }
}
