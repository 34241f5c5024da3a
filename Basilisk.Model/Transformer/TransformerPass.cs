using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>The weights a pass reads: flat in <see cref="ParameterLayout"/> order, and their matrices packed.</summary>
internal readonly unsafe struct PassWeights(float* flat, PackedWeights packed)
{
    public float* Flat { get; } = flat;

    public PackedWeights Packed { get; } = packed;
}

/// <summary>
/// The Llama-shape transformer in fp32, forward, for a shard of whole sequences on one thread. Design: threads share nothing but the weights, so
/// there is no barrier inside a pass; a shard of a few hundred tokens keeps its activations near the core.
/// Shapes: R rows = sequences × T tokens, D width, H heads, F feed-forward, V vocabulary.
/// </summary>
internal sealed unsafe class TransformerPass
{
    private readonly ParameterLayout _layout;
    private readonly ModelShape _shape;
    private readonly Attention _attention;
    private readonly Rotary _rotary;
    private readonly GemmEngine _engine = GemmEngines.Fastest;

    /// <param name="layout">Of the weights.</param>
    /// <param name="rotary">Angles, shared between threads.</param>
    /// <param name="activations">This thread's memory.</param>
    public TransformerPass(ParameterLayout layout, Rotary rotary, Activations activations)
    {
        _layout = layout;
        _shape = layout.Shape;
        _rotary = rotary;
        _attention = new Attention(_shape.HeadWidth, _engine);
        Activations = activations;
    }

    public Activations Activations { get; }

    /// <summary>Runs all blocks on sequences first … first + count − 1 and leaves the head's input in <see cref="Activations.OutputNormed"/>.</summary>
    public void Forward(PassWeights weights, TokenBatch batch, int first, int count)
    {
        int rows = count * batch.Length;
        if (rows > Activations.Rows || batch.Length > _shape.Context)
        {
            throw new InvalidOperationException($"A shard of {count} × {batch.Length} tokens does not fit {Activations.Rows} rows and context {_shape.Context}.");
        }

        Embed(weights.Flat, batch, first, count, Activations.Layers[0].Input.Pointer);
        for (int i = 0; i < _shape.Layers; i++)
        {
            FloatBuffer output = i + 1 < _shape.Layers ? Activations.Layers[i + 1].Input : Activations.Output;
            PackedLayer packed = weights.Packed.Layer(i);
            AttentionBlock(weights.Flat, _layout.Layers[i], packed, Activations.Layers[i], count, batch.Length);
            FeedForwardBlock(weights.Flat, _layout.Layers[i], packed, Activations.Layers[i], output, rows);
        }

        float* gain = weights.Flat + _layout.FinalNorm.Offset;
        RmsNorm.Forward(Activations.Output.Pointer, gain, Activations.OutputNormed.Pointer, Activations.OutputInverse.Pointer, rows, _shape.Width);
    }

    /// <summary>x[R, D] = rows of the embedding.</summary>
    private void Embed(float* weights, TokenBatch batch, int first, int count, float* x)
    {
        float* embedding = weights + _layout.Embedding.Offset;
        for (int sequence = first; sequence < first + count; sequence++)
        {
            ReadOnlySpan<ushort> tokens = batch.Sequence(sequence);
            for (int position = 0; position < batch.Length; position++, x += _shape.Width)
            {
                // Invariant: Trainer and FloatLoss check that every token is below V before a pass begins.
                VectorMath.Copy(embedding + ((nint)tokens[position] * _shape.Width), x, _shape.Width);
            }
        }
    }

    /// <summary>middle = input + (attention of the normed input)·Woᵀ.</summary>
    private void AttentionBlock(float* weights, LayerSlots slots, PackedLayer packed, LayerActivations layer, int sequences, int length)
    {
        int rows = sequences * length;
        int width = _shape.Width;
        RmsNorm.Forward(layer.Input.Pointer, weights + slots.AttentionNorm.Offset, layer.AttentionNormed.Pointer, layer.AttentionInverse.Pointer, rows, width);
        var joint = new Matrix(layer.QueryKeyValue.Pointer, rows, 3 * width);
        _engine.Multiply(new Matrix(layer.AttentionNormed.Pointer, rows, width), packed.QueryKeyValue.Forward, joint, accumulate: false, Activations.Gemm);
        for (int row = 0; row < rows; row++)
        {
            float* queries = joint.RowRange(row, 1).Data;
            _rotary.Turn(queries, row % length);
            _rotary.Turn(queries + width, row % length);
        }

        for (int sequence = 0; sequence < sequences; sequence++)
        {
            for (int head = 0; head < _shape.Heads; head++)
            {
                HeadRows rowsOfHead = Head(layer.QueryKeyValue, sequence * length, head);
                _attention.Forward(rowsOfHead, length, Mixed(layer.Mixed, sequence, head, length), LogSums(layer, sequence, head, length), Activations.Attention, Activations.Gemm);
            }
        }

        VectorMath.Copy(layer.Input.Pointer, layer.Middle.Pointer, (nint)rows * width);
        _engine.Multiply(new Matrix(layer.Mixed.Pointer, rows, width), packed.Output.Forward, new Matrix(layer.Middle.Pointer, rows, width), accumulate: true, Activations.Gemm);
    }

    /// <summary>output = middle + SwiGLU(normed middle)·Wdownᵀ.</summary>
    private void FeedForwardBlock(float* weights, LayerSlots slots, PackedLayer packed, LayerActivations layer, FloatBuffer output, int rows)
    {
        int width = _shape.Width;
        int hidden = _shape.FeedForward;
        RmsNorm.Forward(layer.Middle.Pointer, weights + slots.FeedForwardNorm.Offset, layer.FeedForwardNormed.Pointer, layer.FeedForwardInverse.Pointer, rows, width);
        _engine.Multiply(new Matrix(layer.FeedForwardNormed.Pointer, rows, width), packed.GateUp.Forward, new Matrix(layer.GateUp.Pointer, rows, 2 * hidden), accumulate: false, Activations.Gemm);
        SwiGlu.Forward(layer.GateUp.Pointer, layer.Hidden.Pointer, rows, hidden);
        VectorMath.Copy(layer.Middle.Pointer, output.Pointer, (nint)rows * width);
        _engine.Multiply(new Matrix(layer.Hidden.Pointer, rows, hidden), packed.Down.Forward, new Matrix(output.Pointer, rows, width), accumulate: true, Activations.Gemm);
    }

    /// <summary>Where one head of one sequence lies in a [R, 3D] matrix of queries, keys and values.</summary>
    internal HeadRows Head(FloatBuffer joint, int firstRow, int head)
    {
        int width = _shape.Width;
        float* query = joint.Pointer + ((nint)firstRow * 3 * width) + (head * _shape.HeadWidth);
        return new HeadRows((nint)query, (nint)(query + width), (nint)(query + (2 * width)), 3 * width);
    }

    /// <summary>One head's [T, W] part of a [R, D] matrix.</summary>
    internal Matrix Mixed(FloatBuffer mixed, int sequence, int head, int length) =>
        new(mixed.Pointer + ((nint)sequence * length * _shape.Width) + (head * _shape.HeadWidth), length, _shape.HeadWidth, _shape.Width);

    internal float* LogSums(LayerActivations layer, int sequence, int head, int length) =>
        layer.LogSums.Pointer + ((((nint)sequence * _shape.Heads) + head) * length);
}
