using Basilisk.Exact.Judging;
using Basilisk.Model.Inference;
using Basilisk.Model.Training;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Learning;

/// <summary>How well a model learns through the network: participants under the real settlement beside AdamW on as many tokens.</summary>
/// <param name="options">Sizes and schedule.</param>
public sealed class LearningStudy(LearningOptions options)
{
    private readonly Dictionary<(int Seed, int Batches), double> _central = [];

    /// <summary>Measures one setting. The same seeds give the same result.</summary>
    /// <param name="world">The network's sizes; the mode sets its payload.</param>
    /// <param name="mode">What payloads carry.</param>
    /// <param name="participants">How many train.</param>
    /// <param name="seeds">Independent runs, numbered from 1.</param>
    /// <param name="progress">Told of each run.</param>
    /// <param name="cancellation">Stops between rounds.</param>
    public LearningResult Measure(
        SmallNetworkOptions world, LearningMode mode, int participants, int seeds, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(mode);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seeds);
        SmallNetwork network = SmallNetwork.Create(world with { Payload = mode.Payload }, cancellation);
        TokenBatch compared = network.Sampler.Holdout(options.ComparedWindows);
        var runs = new List<Run>();
        for (int seed = 1; seed <= seeds; seed++)
        {
            progress?.Report($"{participants} participants, {mode.Name}, seed {seed} of {seeds}");
            double central = Central(network, compared, seed, 1, cancellation);
            double batch = Central(network, compared, seed, participants, cancellation);
            NetworkRunEnd end = new NetworkRun(network, options, seed, participants).Run(cancellation);
            var weights = new float[end.Model.Weights.Length];
            MasterWeightConversion.ToFloat(end.Model.Weights.Span, weights);
            runs.Add(new Run(Loss(network, weights, compared, cancellation), central, batch, end));
        }

        return Result(network, mode, participants, runs);
    }

    private LearningResult Result(SmallNetwork network, LearningMode mode, int participants, List<Run> runs)
    {
        int steps = options.StepsPerRound(participants);
        Estimate gap = Estimate.Of([.. runs.Select(run => (run.Loss / run.Central) - 1)]);
        double contributions = runs.Sum(run => run.End.Contributions);
        return new LearningResult(
            participants,
            mode.Name,
            (long)steps * options.Rounds * participants * options.BatchSequences * network.Shape.Context,
            runs.Average(run => run.Loss),
            runs.Average(run => run.Central),
            gap.Mean,
            gap.Error,
            runs.Count,
            4.0 * network.Shape.ParameterCount * contributions / runs.Sum(run => run.End.PayloadBytes),
            runs.Average(run => run.Batch),
            runs.Average(run => (run.Loss / run.Batch) - 1),
            options.Rounds,
            steps,
            runs.Average(run => (double)run.End.Settled / options.Rounds),
            runs.Sum(run => run.End.Accepted) / contributions,
            network.ToString());
    }

    // The optimiser on one machine sends nothing: its loss is the same in every mode.
    private double Central(SmallNetwork network, TokenBatch compared, int seed, int batches, CancellationToken cancellation)
    {
        if (!_central.TryGetValue((seed, batches), out double loss))
        {
            loss = Loss(network, CentralRun.Train(network, options, seed, batches, cancellation), compared, cancellation);
            _central[(seed, batches)] = loss;
        }

        return loss;
    }

    private static double Loss(SmallNetwork network, float[] weights, TokenBatch compared, CancellationToken cancellation) =>
        FloatLoss.Evaluate(network.Shape, weights, compared, 1, cancellation).Sum() / compared.TargetCount;

    private sealed record Run(double Loss, double Central, double Batch, NetworkRunEnd End);
}
