using System.Globalization;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Training;

namespace Basilisk.Node.Cli.Bench;

/// <summary>
/// The integer judge at about 1 M and 10 M weights, and what judging one contribution costs beside the training behind it. A
/// contribution takes two evaluations: its probe and the model without it, each on a set of P's size.
/// </summary>
internal sealed class JudgeBench : IBench
{
    private const int EvaluationsPerCandidate = 2;
    private const int DevUnitsPerRound = 2; // Training:UnitsPerRound: what a node makes of a round's train phase

    public Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        NetworkParameters dev = NetworkPresets.Dev(new ModelParameters(NetworkPresets.DevShape, default, default, default, default), 1);
        double rate = Measure(run, NetworkPresets.DevShape, 32, cancellation);
        Measure(run, ModelShape.FromDepth(9, 4096, 256), 4, cancellation);
        double training = MeasureTraining(run, NetworkPresets.DevShape, cancellation);
        double judged = (double)EvaluationsPerCandidate * dev.Judging.PaidWindows * NetworkPresets.DevShape.Context;
        double phase = dev.Rounds.Train * dev.Difficulty.BlockInterval;
        double share = judged / rate / (phase / DevUnitsPerRound);
        run.Add(new BenchLine(
            "judge",
            "one candidate's judging as a share of its training, dev network",
            share,
            "share",
            0.02,
            share / 0.02,
            "the project's bar (lower is better)",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{judged:0} judged tokens take {judged / rate:0.00} s; training behind one of {DevUnitsPerRound} units: {phase / DevUnitsPerRound:0} s of the train phase, {training * phase / DevUnitsPerRound:0} tokens at the {training:0} tokens/s measured just now")));
        return Task.CompletedTask;
    }

    private static double Measure(BenchRun run, ModelShape shape, int sequences, CancellationToken cancellation)
    {
        Checkpoint checkpoint = CheckpointInitialiser.Create(shape, Hash256.Zero);
        TokenBatch batch = Batch(shape, sequences);
        var evaluator = new IntegerLossEvaluator(run.Threads);
        double rate = Rate.Of(run.Time, batch.TargetCount, () => evaluator.Evaluate(shape, checkpoint.Weights, batch, cancellation), cancellation);
        run.Add(new BenchLine("judge", string.Create(CultureInfo.InvariantCulture, $"integer loss, {Size(shape)}, T={shape.Context}, {batch.TargetCount} tokens, {run.Threads} threads"), rate, "tokens/s"));
        return rate;
    }

    private static double MeasureTraining(BenchRun run, ModelShape shape, CancellationToken cancellation)
    {
        using var trainer = new Trainer(shape, new TrainerOptions(), run.Threads);
        trainer.LoadWeights(CheckpointInitialiser.Create(shape, Hash256.Zero).Weights.Span);
        TokenBatch batch = Batch(shape, 16);
        return Rate.Of(run.Time, batch.TargetCount, () => trainer.Step(batch), cancellation);
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
