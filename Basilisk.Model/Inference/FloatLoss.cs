using Basilisk.Compute.Threading;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;
using Basilisk.Model.Training;
using Basilisk.Model.Transformer;

namespace Basilisk.Model.Inference;

/// <summary>The loss by the fast fp32 forward pass, for charts and for comparing with the integer judge. Log-sums and totals are fp64.</summary>
public static unsafe class FloatLoss
{
    // Rows of a shard: the same trade as in training.
    private const int ShardTokens = 256;

    /// <summary>Loss sum of each sequence, nats.</summary>
    /// <param name="shape">Sizes of the model.</param>
    /// <param name="weights">[P] in layout order.</param>
    /// <param name="batch">Tokens below V; at most T long.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops between shards.</param>
    public static double[] Evaluate(ModelShape shape, ReadOnlySpan<float> weights, TokenBatch batch, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(shape);
        BatchRules.Check(batch, shape);
        var layout = new ParameterLayout(shape);
        if (weights.Length != layout.Count)
        {
            throw new ArgumentException($"{weights.Length} weights given; the model has {layout.Count}.", nameof(weights));
        }

        using var team = new WorkerTeam(threads, "float-loss");
        var flat = new FloatBuffer(layout.Count);
        weights.CopyTo(flat.Span);
        var packed = new PackedWeights(layout, backward: false);
        packed.Pack(flat.Pointer, team);

        int perShard = Math.Max(1, ShardTokens / batch.Length);
        var rotary = new Rotary(shape);
        var workers = new Worker[threads];
        var losses = new double[batch.Sequences];
        team.Run((batch.Sequences + perShard - 1) / perShard, (shard, worker) =>
        {
            cancellation.ThrowIfCancellationRequested();
            Worker mine = workers[worker] ??= new Worker(layout, rotary, perShard * batch.Length);
            int first = shard * perShard;
            int count = Math.Min(perShard, batch.Sequences - first);
            var pass = new PassWeights(flat.Pointer, packed);
            mine.Pass.Forward(pass, batch, first, count);
            mine.Head.Losses(pass, batch, first, count, losses.AsSpan(first, count));
        });
        return losses;
    }

    /// <summary>Loss sum of each sequence under a checkpoint's weights, nats.</summary>
    /// <param name="shape">Sizes of the model.</param>
    /// <param name="masterQ24">[P] in layout order, Q8.24.</param>
    /// <param name="batch">Tokens below V; at most T long.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops between shards.</param>
    public static double[] Evaluate(ModelShape shape, ReadOnlySpan<int> masterQ24, TokenBatch batch, int threads, CancellationToken cancellation) =>
        Evaluate(shape, MasterWeightConversion.ToFloat(masterQ24), batch, threads, cancellation);

    private sealed class Worker(ParameterLayout layout, Rotary rotary, int rows)
    {
        private readonly Activations _activations = new(layout.Shape, rows);
        private TransformerPass? _pass;
        private LossHead? _head;

        public TransformerPass Pass => _pass ??= new TransformerPass(layout, rotary, _activations);

        public LossHead Head => _head ??= new LossHead(layout, _activations);
    }
}
