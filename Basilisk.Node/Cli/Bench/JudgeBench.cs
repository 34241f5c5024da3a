using System.Globalization;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Training;
using Basilisk.Node.Options;

namespace Basilisk.Node.Cli.Bench;

/// <summary>
/// The integer judge at about 1 M and 10 M weights, and what judging one contribution costs beside the training behind it. A
/// contribution takes two evaluations: its probe and the model without it, each on a set of P's size.
/// </summary>
internal sealed class JudgeBench : IBench
{
    private const int EvaluationsPerCandidate = 2;
    private const double Bar = 0.02;

    public Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        Measure(run, NetworkPresets.DevShape, 32, cancellation);
        Measure(run, ModelShape.FromDepth(9, 4096, 256), 4, cancellation);
        MeasureShare(run, NetworkPresets.DevShape, cancellation);
        return Task.CompletedTask;
    }

    private static void Measure(BenchRun run, ModelShape shape, int sequences, CancellationToken cancellation)
    {
        Checkpoint checkpoint = CheckpointInitialiser.Create(shape, Hash256.Zero);
        TokenBatch batch = Batch(shape, sequences);
        var evaluator = new IntegerLossEvaluator(run.Threads);
        double rate = Rate.Of(run.Time, batch.TargetCount, () => evaluator.Evaluate(shape, checkpoint.Weights, batch, cancellation), cancellation);
        run.Add(new BenchLine("judge", string.Create(CultureInfo.InvariantCulture, $"integer loss, {Size(shape)}, T={shape.Context}, {batch.TargetCount} tokens, {run.Threads} threads"), rate, "tokens/s"));
    }

    /// <summary>
    /// In processor time, on one thread each, with the node's own defaults: 2 evaluations of a P of the network's size, over what the
    /// trainer has of a train phase for one of its units (the phase's time on every core, shared among the units a node takes; what a
    /// node trains in the reveal and judge phases comes on top and is not counted).
    /// </summary>
    private static void MeasureShare(BenchRun run, ModelShape shape, CancellationToken cancellation)
    {
        NetworkParameters dev = NetworkPresets.Dev(new ModelParameters(shape, default, default, default, default), 1);
        Checkpoint checkpoint = CheckpointInitialiser.Create(shape, Hash256.Zero);
        var options = new TrainingOptions();
        TokenBatch judged = Batch(shape, dev.Judging.PaidWindows);
        var evaluator = new IntegerLossEvaluator(1);
        double evaluation = Rate.ProcessorSeconds(() => evaluator.Evaluate(shape, checkpoint.Weights, judged, cancellation), cancellation);

        using var trainer = new Trainer(shape, new TrainerOptions(), 1);
        trainer.LoadWeights(checkpoint.Weights.Span);
        TokenBatch trained = Batch(shape, options.BatchSequences);
        double perTrained = Rate.ProcessorSeconds(() => trainer.Step(trained), cancellation) / trained.TargetCount;

        double judging = EvaluationsPerCandidate * evaluation;
        long phase = (long)dev.Rounds.Train * dev.Difficulty.BlockInterval;
        double training = (double)run.Threads * phase / options.UnitsPerRound;
        run.Add(new BenchLine(
            "judge",
            "one candidate's judging as a share of its training, dev network",
            judging / training,
            "share",
            Bar,
            judging / training / Bar,
            "the project's bar (lower is better)",
            string.Create(
                CultureInfo.InvariantCulture,
                $"processor time: {EvaluationsPerCandidate} evaluations of {judged.TargetCount} tokens take {judging:0.00} s at {evaluation / judged.TargetCount * 1e6:0.0} us a token; training behind one of {options.UnitsPerRound} units of {phase} s on {run.Threads} cores: {training:0} s, or {training / perTrained:0} tokens at {perTrained * 1e6:0.0} us")));
    }

    private static TokenBatch Batch(ModelShape shape, int sequences)
    {
        var stream = new SeedStream(Hash256.Zero, "bench");
        var tokens = new ushort[sequences * (shape.Context + 1)];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (ushort)(stream.NextUInt64() % (ulong)shape.Vocabulary);
        }

        return new TokenBatch(sequences, shape.Context, tokens);
    }

    private static string Size(ModelShape shape) => string.Create(CultureInfo.InvariantCulture, $"{shape.ParameterCount / 1e6:0.00} M weights");
}
