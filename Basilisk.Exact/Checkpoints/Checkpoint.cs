using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Checkpoints;

/// <summary>
/// A model: its shape and its master weights in <see cref="ParameterLayout"/> order, Q8.24. Immutable; named by the Merkle
/// root of its canonical bytes (<see cref="CheckpointCodec"/>).
/// </summary>
public sealed class Checkpoint
{
    private readonly Lazy<Hash256> _root;
    private readonly int[] _weights;

    /// <param name="shape">Sizes of the model.</param>
    /// <param name="weights">One int per weight; the array belongs to the checkpoint from here on and must not be written again.</param>
    /// <exception cref="ArgumentException">The number of weights is not the shape's, or one is −2³¹ (the range is symmetric).</exception>
    public Checkpoint(ModelShape shape, int[] weights)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != shape.ParameterCount)
        {
            throw new ArgumentException($"The shape has {shape.ParameterCount} weights, not {weights.Length}.", nameof(weights));
        }

        if (weights.AsSpan().Contains(int.MinValue))
        {
            throw new ArgumentException("A weight lies in ±(2^31 − 1); −2^31 is no weight.", nameof(weights));
        }

        Shape = shape;
        _weights = weights;
        _root = new Lazy<Hash256>(() => CheckpointCodec.Tree(this).Root);
    }

    public ModelShape Shape { get; }

    public ReadOnlyMemory<int> Weights => _weights;

    /// <summary>The Merkle root of the canonical bytes, computed on first use.</summary>
    public Hash256 Root => _root.Value;
}
