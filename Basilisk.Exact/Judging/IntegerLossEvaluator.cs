using System.Collections.Concurrent;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Simd;

namespace Basilisk.Exact.Judging;

/// <summary>
/// The judge's forward pass on processor cores, wholly in integers (docs/numbers.md). The losses depend on the weights and
/// the sequence alone: not on the number of threads, the kernels or the other sequences of the batch.
/// Safe to call from several threads; each call takes its own workspace and leaves it for the next.
/// </summary>
public sealed class IntegerLossEvaluator : ILossEvaluator
{
    private readonly int _threads;
    private readonly NumberWidths _widths;
    private readonly KernelSet _kernels;
    private Workspace? _idle;

    /// <param name="threads">How many sequences are judged at once, 1 or more.</param>
    /// <param name="kernels">Which instructions to use; the results are the same.</param>
    /// <exception cref="PlatformNotSupportedException">This processor lacks the chosen instructions.</exception>
    public IntegerLossEvaluator(int threads, IntegerKernels kernels = IntegerKernels.Auto)
        : this(threads, kernels, NumberWidths.Protocol)
    {
    }

    internal IntegerLossEvaluator(int threads, IntegerKernels kernels, NumberWidths widths)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _threads = threads;
        _widths = widths;
        _kernels = KernelSet.Create(kernels);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">
    /// The shape is beyond <see cref="ShapeLimits"/>, the weights are not as many as the shape needs, the batch is longer than
    /// the context, or a token is not in the vocabulary.
    /// </exception>
    public long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch batch, CancellationToken cancellation)
    {
        Check(shape, weights, batch);
        cancellation.ThrowIfCancellationRequested();
        Workspace workspace = Take(shape, batch.Length);
        workspace.Model.Load(weights, _threads);
        var losses = new long[batch.Sequences];
        int next = -1;

        // Each worker takes the next sequence when it is free: a slow core delays no other.
        Parallel.For(0, Math.Min(_threads, batch.Sequences), _ =>
        {
            ForwardPass pass = workspace.Take();
            int index;
            while ((index = Interlocked.Increment(ref next)) < losses.Length && !cancellation.IsCancellationRequested)
            {
                losses[index] = pass.Loss(batch.Sequence(index));
            }

            workspace.Return(pass);
        });
        cancellation.ThrowIfCancellationRequested();
        _idle = workspace;
        return losses;
    }

    private static void Check(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (ShapeLimits.Refuse(shape) is { } refusal)
        {
            throw new ArgumentException(refusal, nameof(shape));
        }

        if (weights.Length != shape.ParameterCount)
        {
            throw new ArgumentException($"The shape has {shape.ParameterCount} weights, not {weights.Length}.", nameof(weights));
        }

        if (batch.Length > shape.Context)
        {
            throw new ArgumentException($"Sequences of {batch.Length} inputs exceed the context of {shape.Context}.", nameof(batch));
        }

        for (int i = 0; i < batch.Sequences; i++)
        {
            foreach (ushort token in batch.Sequence(i))
            {
                if (token >= shape.Vocabulary)
                {
                    throw new ArgumentException($"Token {token} of sequence {i} is not below the vocabulary's {shape.Vocabulary}.", nameof(batch));
                }
            }
        }
    }

    private Workspace Take(ModelShape shape, int length)
    {
        // Buffers are made for the batch's length: a short batch of a long-context model needs little.
        ModelShape sized = shape with { Context = length };
        Workspace? idle = Interlocked.Exchange(ref _idle, null);
        return idle is not null && idle.Shape == sized ? idle : new Workspace(sized, _kernels, _widths);
    }

    /// <summary>The buffers of one call: the quantised weights, shared by its threads, and a forward pass for each.</summary>
    private sealed class Workspace(ModelShape shape, KernelSet kernels, NumberWidths widths)
    {
        private readonly RotaryTable _rotary = new(shape.HeadWidth, shape.Context);
        private readonly ConcurrentBag<ForwardPass> _passes = [];

        public ModelShape Shape => shape;

        public QuantisedModel Model { get; } = new(shape, kernels, widths.Weight);

        public ForwardPass Take() =>
            _passes.TryTake(out ForwardPass? pass) ? pass : new ForwardPass(shape, Model, _rotary, kernels, widths);

        public void Return(ForwardPass pass) => _passes.Add(pass);
    }
}
