using Basilisk.Compute.Threading;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>One weight matrix W[out, in], packed for Y = X·Wᵀ and, where training needs it, for dX = dY·W.</summary>
internal readonly record struct PackedWeight(PackedMatrix Forward, PackedMatrix Backward);

/// <summary>The packed matrices of one block; neighbours in the layout that read the same input are one matrix.</summary>
/// <param name="QueryKeyValue">[3D, D].</param>
/// <param name="Output">[D, D].</param>
/// <param name="GateUp">[2F, D].</param>
/// <param name="Down">[D, F].</param>
internal readonly record struct PackedLayer(PackedWeight QueryKeyValue, PackedWeight Output, PackedWeight GateUp, PackedWeight Down);

/// <summary>All matrices of a model, packed once per change of the weights and then shared by every thread.</summary>
internal sealed unsafe class PackedWeights
{
    private readonly GemmEngine _engine = GemmEngines.Fastest;
    private readonly bool _backward;
    private readonly List<Source> _sources = [];
    private readonly PackedWeight[] _packed;
    private readonly FloatBuffer _memory;
    private readonly int _layers;
    private readonly Action<int, int> _packOne;
    private float* _weights;

    /// <param name="layout">Where the matrices lie.</param>
    /// <param name="backward">Whether the way back is packed too.</param>
    public PackedWeights(ParameterLayout layout, bool backward)
    {
        _backward = backward;
        _layers = layout.Layers.Count;
        foreach (LayerSlots layer in layout.Layers)
        {
            Add(layer.Query, 3 * layer.Query.Rows);
            Add(layer.Output, layer.Output.Rows);
            Add(layer.Gate, 2 * layer.Gate.Rows);
            Add(layer.Down, layer.Down.Rows);
        }

        Add(layout.Head, layout.Head.Rows);
        _packed = new PackedWeight[_sources.Count];
        Source last = _sources[^1];
        _memory = new FloatBuffer(last.Target + Length(last.Rows, last.Columns));
        _packOne = (item, _) => PackOne(item);
    }

    public PackedWeight Head => _packed[^1];

    public PackedLayer Layer(int index)
    {
        int first = 4 * index;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _layers);
        return new PackedLayer(_packed[first], _packed[first + 1], _packed[first + 2], _packed[first + 3]);
    }

    /// <summary>Packs the weights as they are now.</summary>
    /// <param name="weights">All weights in layout order; read only during this call.</param>
    /// <param name="team">Who packs.</param>
    public void Pack(float* weights, WorkerTeam team)
    {
        _weights = weights;
        team.Run(_sources.Count, _packOne);
    }

    private void PackOne(int item)
    {
        // Invariant: each source's region of _memory has Length(rows, columns) floats and no other item writes it.
        Source source = _sources[item];
        var weight = new Matrix(_weights + source.Offset, source.Rows, source.Columns);
        float* target = _memory.Pointer + source.Target;
        PackedMatrix forward = _engine.Pack(weight.Transposed, target);
        PackedMatrix backward = _backward ? _engine.Pack(weight, target + _engine.PackedLength(source.Columns, source.Rows)) : default;
        _packed[item] = new PackedWeight(forward, backward);
    }

    private void Add(TensorSlot first, int rows)
    {
        long target = 0;
        if (_sources.Count > 0)
        {
            Source last = _sources[^1];
            target = last.Target + Length(last.Rows, last.Columns);
        }

        _sources.Add(new Source(first.Offset, rows, first.Columns, target));
    }

    private long Length(int rows, int columns)
    {
        long length = _engine.PackedLength(columns, rows) + (_backward ? _engine.PackedLength(rows, columns) : 0);
        return (length + 15) / 16 * 16;
    }

    private readonly record struct Source(int Offset, int Rows, int Columns, long Target);
}
