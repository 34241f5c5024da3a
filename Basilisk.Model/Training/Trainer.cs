using Basilisk.Compute.Devices;
using Basilisk.Compute.Threading;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;
using Basilisk.Model.Transformer;

namespace Basilisk.Model.Training;

/// <summary>
/// Trains one model on this machine's processor: each step shards its batch into whole sequences, the threads take shards
/// one by one (so a core that is busy elsewhere only takes fewer), and AdamW applies the summed gradient.
/// </summary>
/// <remarks>
/// One thread at a time may use a trainer. Sums of floats depend on which thread took which shard; with one thread, runs
/// repeat bit for bit.
/// </remarks>
public sealed unsafe class Trainer : ITrainer
{
    private readonly WorkerTeam _team;
    private readonly TransformerGradient[] _workers;
    private readonly FloatBuffer[] _gradients;
    private readonly FloatBuffer _weights;
    private readonly PackedWeights _packed;
    private readonly AdamW _optimiser;
    private readonly double[] _losses;

    /// <param name="shape">Sizes of the model. All weights are zero until loaded.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="threads">Threads to use, the caller's included.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds; the message lists all that are.</exception>
    public Trainer(ModelShape shape, TrainerOptions options, int threads)
    {
        ArgumentNullException.ThrowIfNull(shape);
        IReadOnlyList<string> problems = TrainerOptionsValidator.Problems(options);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        Shape = shape;
        Options = options;
        Layout = new ParameterLayout(shape);
        Device = CpuDevice.Detect(threads);
        _weights = new FloatBuffer(Layout.Count);
        _packed = new PackedWeights(Layout, backward: true);
        _optimiser = new AdamW(Layout, options);
        _losses = new double[threads];
        var rotary = new Rotary(shape);
        int rows = Math.Max(options.ShardTokens, shape.Context);
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new TransformerGradient(Layout, rotary, rows))];
        _gradients = [.. Enumerable.Range(0, threads).Select(_ => new FloatBuffer(Layout.Count))];
        _team = new WorkerTeam(threads, "trainer");
    }

    public ModelShape Shape { get; }

    public TrainerOptions Options { get; }

    public ParameterLayout Layout { get; }

    /// <inheritdoc />
    public IDevice Device { get; }

    /// <inheritdoc />
    public ReadOnlySpan<float> Weights => _weights.Span;

    /// <inheritdoc />
    public long Steps => _optimiser.Steps;

    internal AdamW Optimiser => _optimiser;

    internal Memory<float> MutableWeights => _weights.Memory;

    /// <inheritdoc />
    public void LoadWeights(ReadOnlySpan<int> masterQ24) => MasterWeightConversion.ToFloat(masterQ24, _weights.Span);

    /// <inheritdoc />
    public void LoadWeights(ReadOnlySpan<float> weights)
    {
        CheckLength(weights.Length);
        weights.CopyTo(_weights.Span);
    }

    /// <inheritdoc />
    public float[] Snapshot() => _weights.Span.ToArray();

    /// <inheritdoc />
    public void Rebase(ReadOnlySpan<float> newBase, ReadOnlySpan<float> from)
    {
        CheckLength(newBase.Length);
        CheckLength(from.Length);
        Span<float> weights = _weights.Span;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = newBase[i] + (weights[i] - from[i]);
        }
    }

    /// <inheritdoc />
    public void AddToWeights(ReadOnlySpan<float> delta, float scale)
    {
        CheckLength(delta.Length);
        Span<float> weights = _weights.Span;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += scale * delta[i];
        }
    }

    /// <inheritdoc />
    public void DeltaFrom(ReadOnlySpan<float> basis, Span<float> delta)
    {
        CheckLength(basis.Length);
        CheckLength(delta.Length);
        ReadOnlySpan<float> weights = _weights.Span;
        for (int i = 0; i < weights.Length; i++)
        {
            delta[i] = weights[i] - basis[i];
        }
    }

    /// <inheritdoc />
    public void ResetOptimiser()
    {
        _optimiser.Means.Span.Clear();
        _optimiser.Squares.Span.Clear();
        _optimiser.Steps = 0;
    }

    /// <inheritdoc />
    public StepResult Step(TokenBatch batch)
    {
        double loss = ComputeGradient(batch);
        double norm = _optimiser.SumGradients(_gradients, _team);
        double rate = LearningRateSchedule.At(Options, _optimiser.Steps + 1);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            _optimiser.Discard(_gradients);
            return new StepResult(_optimiser.Steps, loss, norm, batch.TargetCount, rate, Applied: false);
        }

        double clip = norm > Options.ClipNorm ? Options.ClipNorm / norm : 1;
        _optimiser.Apply(_weights, rate, clip, _team);
        return new StepResult(_optimiser.Steps, loss, norm, batch.TargetCount, rate, Applied: true);
    }

    /// <summary>Mean loss of the batch, nats per token, and its gradient, [P] in layout order; the weights stay.</summary>
    /// <param name="batch">Tokens below V.</param>
    /// <param name="gradient">Overwritten.</param>
    public double LossAndGradient(TokenBatch batch, Span<float> gradient)
    {
        CheckLength(gradient.Length);
        double loss = ComputeGradient(batch);
        _optimiser.SumGradients(_gradients, _team);
        _gradients[0].Span.CopyTo(gradient);
        _gradients[0].Span.Clear();
        return loss;
    }

    public void Dispose() => _team.Dispose();

    private double ComputeGradient(TokenBatch batch)
    {
        BatchRules.Check(batch, Shape);
        _packed.Pack(_weights.Pointer, _team);
        var weights = new PassWeights(_weights.Pointer, _packed);
        int sequences = SequencesPerShard(batch);
        float scale = 1f / batch.TargetCount;
        Array.Clear(_losses);
        _team.Run((batch.Sequences + sequences - 1) / sequences, (shard, worker) =>
        {
            int first = shard * sequences;
            int count = Math.Min(sequences, batch.Sequences - first);
            _losses[worker] += _workers[worker].Accumulate(weights, batch, first, count, scale, _gradients[worker].Pointer);
        });
        return _losses.Sum() / batch.TargetCount;
    }

    /// <summary>As many as fill a shard, but no thread should go without.</summary>
    private int SequencesPerShard(TokenBatch batch)
    {
        int fitting = Math.Max(1, Options.ShardTokens / batch.Length);
        int fair = (batch.Sequences + _team.Threads - 1) / _team.Threads;
        return Math.Min(fitting, fair);
    }

    private void CheckLength(int length)
    {
        if (length != Layout.Count)
        {
            throw new ArgumentException($"{length} weights given; the model has {Layout.Count}.");
        }
    }
}
