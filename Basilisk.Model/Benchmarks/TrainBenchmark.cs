using System.Globalization;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Inference;
using Basilisk.Model.Training;

namespace Basilisk.Model.Benchmarks;

/// <summary>Whole optimiser steps as tokens per second, beside PyTorch where it is installed; and the forward pass alone.</summary>
public static class TrainBenchmark
{
    private const int WarmUp = 4;
    private const int Steps = 12;
    private const int PeerSteps = 5;

    /// <summary>Tokens per second at 4.95 M weights (V=512, T=256, B=8) and at the dev network's size (B=16).</summary>
    /// <param name="threads">Threads to use.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static IReadOnlyList<Measurement> Run(int threads, TimeProvider time, CancellationToken cancellation) =>
    [
        Train(BenchmarkModels.FiveMillion, 8, threads, time, cancellation),
        Train(BenchmarkModels.Dev, 16, threads, time, cancellation),
        Forward(BenchmarkModels.Dev, 64, threads, time, cancellation),
    ];

    private static Measurement Train(ModelShape shape, int sequences, int threads, TimeProvider time, CancellationToken cancellation)
    {
        using var trainer = new Trainer(shape, new TrainerOptions(), threads);
        trainer.LoadWeights(BenchmarkModels.Weights(shape));
        var rates = new List<double>();
        for (int step = -WarmUp; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            TokenBatch batch = BenchmarkModels.Batch(shape, sequences, shape.Context, (ulong)(step + WarmUp));
            double seconds = Stopwatches.Seconds(time, () => trainer.Step(batch));
            if (step >= 0)
            {
                rates.Add(batch.TargetCount / seconds);
            }
        }

        double? peer = TorchPeer.TryMeasure(shape, sequences, threads, PeerSteps, cancellation);
        string metric = Describe("train", shape, sequences, threads);
        return new Measurement("train", metric, Stopwatches.Median(rates), "tokens/s", peer, peer is null ? null : "PyTorch");
    }

    private static Measurement Forward(ModelShape shape, int sequences, int threads, TimeProvider time, CancellationToken cancellation)
    {
        float[] weights = BenchmarkModels.Weights(shape);
        TokenBatch batch = BenchmarkModels.Batch(shape, sequences, shape.Context, 1);
        var rates = new List<double>();
        for (int round = -WarmUp; round < Steps; round++)
        {
            double seconds = Stopwatches.Seconds(time, () => FloatLoss.Evaluate(shape, weights, batch, threads, cancellation));
            if (round >= 0)
            {
                rates.Add(batch.TargetCount / seconds);
            }
        }

        return new Measurement("train", Describe("fp32 loss", shape, sequences, threads), Stopwatches.Median(rates), "tokens/s");
    }

    private static string Describe(string what, ModelShape shape, int sequences, int threads) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what}, {shape.ParameterCount / 1e6:0.00} M weights, V={shape.Vocabulary} T={shape.Context} B={sequences} D={shape.Width} L={shape.Layers}, {threads} threads");
}
