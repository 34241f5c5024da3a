using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// The judge as a settlement uses it: losses read into their stated range, evaluations counted, progress told.
/// </summary>
internal sealed class MeteredJudge(
    ModelShape shape,
    ILossEvaluator judge,
    IProgress<SettlementProgress>? progress,
    CancellationToken cancellation)
{
    /// <summary>A sequence's loss is read as at most 128 nats per target, so that totals are bounded whatever a delta does to the model.</summary>
    private const long MostPerTarget = 128L << LossFormat.FractionBits;

    public int Evaluations { get; private set; }

    public long Targets { get; private set; }

    /// <summary>Evaluations the round may still take; only told, never relied on.</summary>
    public int Expected { get; set; }

    public string Stage { get; set; } = "probe";

    public long[] Losses(ReadOnlyMemory<int> weights, TokenBatch batch)
    {
        cancellation.ThrowIfCancellationRequested();
        long[] losses = judge.Evaluate(shape, weights, batch, cancellation);
        if (losses.Length != batch.Sequences)
        {
            throw new InvalidOperationException($"The judge returned {losses.Length} losses for {batch.Sequences} sequences.");
        }

        long most = MostPerTarget * batch.Length;
        var read = new long[losses.Length];
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = Math.Clamp(losses[i], 0, most);
        }

        Evaluations++;
        Targets += batch.TargetCount;
        Expected = Math.Max(0, Expected - 1);
        progress?.Report(new SettlementProgress(Stage, Evaluations, Evaluations + Expected));
        return read;
    }
}
