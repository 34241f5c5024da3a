using Basilisk.Exact.Shapes;
using Basilisk.Exact.Simd;

namespace Basilisk.Exact.Judging;

/// <summary>The matrices and gains of one block.</summary>
internal sealed record QuantisedLayer(
    int[] AttentionGain,
    PackedRows Query,
    PackedRows Key,
    PackedRows Value,
    PackedRows Output,
    int[] FeedForwardGain,
    PackedRows Gate,
    PackedRows Up,
    PackedRows Down);

/// <summary>
/// The forward weights: every matrix quantised from the master weights row by row (<see cref="BlockFloat"/>), the gains and
/// the embedding as they are. Its buffers are filled anew by <see cref="Load"/> for every candidate.
/// </summary>
internal sealed class QuantisedModel
{
    private readonly ParameterLayout _layout;
    private readonly KernelSet _kernels;
    private readonly int _weightBits;
    private readonly List<(TensorSlot Slot, PackedRows Rows)> _matrices = [];
    private readonly List<(TensorSlot Slot, int[] Values)> _gains = [];

    public QuantisedModel(ModelShape shape, KernelSet kernels, int weightBits)
    {
        _layout = new ParameterLayout(shape);
        _kernels = kernels;
        _weightBits = weightBits;
        Layers = _layout.Layers.Select(TakeLayer).ToArray();
        FinalGain = TakeGain(_layout.FinalNorm);
        Head = TakeMatrix(_layout.Head);
    }

    public QuantisedLayer[] Layers { get; }

    public int[] FinalGain { get; }

    public PackedRows Head { get; }

    /// <summary>The embedding in master weights, [vocabulary, width], Q24.</summary>
    public ReadOnlyMemory<int> Embedding { get; private set; }

    /// <summary>Number of master weights.</summary>
    public int ParameterCount => _layout.Count;

    /// <summary>Quantises a checkpoint into the buffers.</summary>
    public void Load(ReadOnlyMemory<int> weights, int threads)
    {
        Embedding = weights.Slice(_layout.Embedding.Offset, _layout.Embedding.Length);
        foreach ((TensorSlot slot, int[] values) in _gains)
        {
            weights.Span.Slice(slot.Offset, slot.Length).CopyTo(values);
        }

        Parallel.ForEach(
            _matrices,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            matrix => Quantise(weights.Span.Slice(matrix.Slot.Offset, matrix.Slot.Length), matrix.Rows));
    }

    private void Quantise(ReadOnlySpan<int> weights, PackedRows rows)
    {
        for (int r = 0; r < rows.Rows; r++)
        {
            _kernels.Quantise(weights.Slice(r * rows.Columns, rows.Columns), _weightBits, rows, r);
        }
    }

    private QuantisedLayer TakeLayer(LayerSlots slots) => new(
        TakeGain(slots.AttentionNorm),
        TakeMatrix(slots.Query),
        TakeMatrix(slots.Key),
        TakeMatrix(slots.Value),
        TakeMatrix(slots.Output),
        TakeGain(slots.FeedForwardNorm),
        TakeMatrix(slots.Gate),
        TakeMatrix(slots.Up),
        TakeMatrix(slots.Down));

    private PackedRows TakeMatrix(TensorSlot slot)
    {
        var rows = new PackedRows(slot.Rows, slot.Columns);
        _matrices.Add((slot, rows));
        return rows;
    }

    private int[] TakeGain(TensorSlot slot)
    {
        var values = new int[slot.Length];
        _gains.Add((slot, values));
        return values;
    }
}
