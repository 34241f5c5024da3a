using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>Loss and gradient of a shard on one thread: the forward pass, the head, then each block backwards.</summary>
internal sealed unsafe class TransformerGradient
{
    private readonly ParameterLayout _layout;
    private readonly ModelShape _shape;
    private readonly Rotary _rotary;
    private readonly TransformerPass _pass;
    private readonly LossHead _head;
    private readonly Activations _activations;
    private readonly ActivationGradients _gradients;
    private readonly Attention _attention;
    private readonly GemmEngine _engine = GemmEngines.Fastest;

    /// <param name="layout">Of weights and gradients.</param>
    /// <param name="rotary">Angles, shared between threads.</param>
    /// <param name="rows">Most tokens of a shard.</param>
    public TransformerGradient(ParameterLayout layout, Rotary rotary, int rows)
    {
        _layout = layout;
        _shape = layout.Shape;
        _rotary = rotary;
        _activations = new Activations(_shape, rows);
        _gradients = new ActivationGradients(_shape, rows);
        _pass = new TransformerPass(layout, rotary, _activations);
        _head = new LossHead(layout, _activations);
        _attention = new Attention(_shape.HeadWidth, _engine);
    }

    /// <summary>Adds the gradient of <paramref name="scale"/> × the shard's loss sum to <paramref name="gradient"/>[P] and returns that loss sum, nats.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="batch">Tokens below V.</param>
    /// <param name="first">First sequence of the shard.</param>
    /// <param name="count">Sequences of the shard.</param>
    /// <param name="scale">1 / targets of the whole batch, for a mean.</param>
    /// <param name="gradient">This thread's gradient, in layout order.</param>
    public double Accumulate(PassWeights weights, TokenBatch batch, int first, int count, float scale, float* gradient)
    {
        int rows = count * batch.Length;
        int width = _shape.Width;
        _pass.Forward(weights, batch, first, count);
        double loss = _head.LossAndGradient(weights, batch, first, count, scale, gradient, _gradients.Normed.Pointer);

        VectorMath.Clear(_gradients.Residual.Pointer, (nint)rows * width);
        RmsNorm.Backward(
            _activations.Output.Pointer,
            weights.Flat + _layout.FinalNorm.Offset,
            _activations.OutputInverse.Pointer,
            _gradients.Normed.Pointer,
            _gradients.Residual.Pointer,
            gradient + _layout.FinalNorm.Offset,
            rows,
            width);
        for (int i = _shape.Layers - 1; i >= 0; i--)
        {
            PackedLayer packed = weights.Packed.Layer(i);
            FeedForwardBackward(weights.Flat, _layout.Layers[i], packed, _activations.Layers[i], gradient, rows);
            AttentionBackward(weights.Flat, _layout.Layers[i], packed, _activations.Layers[i], gradient, count, batch.Length);
        }

        EmbeddingBackward(batch, first, count, gradient + _layout.Embedding.Offset);
        return loss;
    }

    /// <summary>Residual gradient: from the block's output to its middle.</summary>
    private void FeedForwardBackward(float* weights, LayerSlots slots, PackedLayer packed, LayerActivations layer, float* gradient, int rows)
    {
        int width = _shape.Width;
        int hidden = _shape.FeedForward;
        var residual = new Matrix(_gradients.Residual.Pointer, rows, width);
        var hiddenGradient = new Matrix(_gradients.Hidden.Pointer, rows, hidden);
        Multiply(residual, packed.Down.Backward, hiddenGradient);
        AddProduct(residual.Transposed, new Matrix(layer.Hidden.Pointer, rows, hidden), new Matrix(gradient + slots.Down.Offset, width, hidden));

        // The gate and up projections are not needed after this: their gradient takes their place.
        SwiGlu.Backward(layer.GateUp.Pointer, hiddenGradient.Data, layer.GateUp.Pointer, rows, hidden);
        var gateUp = new Matrix(layer.GateUp.Pointer, rows, 2 * hidden);
        Multiply(gateUp, packed.GateUp.Backward, new Matrix(_gradients.Normed.Pointer, rows, width));
        AddProduct(gateUp.Transposed, new Matrix(layer.FeedForwardNormed.Pointer, rows, width), new Matrix(gradient + slots.Gate.Offset, 2 * hidden, width));
        RmsNorm.Backward(
            layer.Middle.Pointer,
            weights + slots.FeedForwardNorm.Offset,
            layer.FeedForwardInverse.Pointer,
            _gradients.Normed.Pointer,
            residual.Data,
            gradient + slots.FeedForwardNorm.Offset,
            rows,
            width);
    }

    /// <summary>Residual gradient: from the block's middle to its input.</summary>
    private void AttentionBackward(float* weights, LayerSlots slots, PackedLayer packed, LayerActivations layer, float* gradient, int sequences, int length)
    {
        int rows = sequences * length;
        int width = _shape.Width;
        var residual = new Matrix(_gradients.Residual.Pointer, rows, width);
        Multiply(residual, packed.Output.Backward, new Matrix(_gradients.Mixed.Pointer, rows, width));
        AddProduct(residual.Transposed, new Matrix(layer.Mixed.Pointer, rows, width), new Matrix(gradient + slots.Output.Offset, width, width));
        HeadsBackward(layer, sequences, length);

        var joint = new Matrix(_gradients.QueryKeyValue.Pointer, rows, 3 * width);
        for (int row = 0; row < rows; row++)
        {
            float* queries = joint.RowRange(row, 1).Data;
            _rotary.TurnBack(queries, row % length);
            _rotary.TurnBack(queries + width, row % length);
        }

        Multiply(joint, packed.QueryKeyValue.Backward, new Matrix(_gradients.Normed.Pointer, rows, width));
        AddProduct(joint.Transposed, new Matrix(layer.AttentionNormed.Pointer, rows, width), new Matrix(gradient + slots.Query.Offset, 3 * width, width));
        RmsNorm.Backward(
            layer.Input.Pointer,
            weights + slots.AttentionNorm.Offset,
            layer.AttentionInverse.Pointer,
            _gradients.Normed.Pointer,
            residual.Data,
            gradient + slots.AttentionNorm.Offset,
            rows,
            width);
    }

    private void HeadsBackward(LayerActivations layer, int sequences, int length)
    {
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            for (int head = 0; head < _shape.Heads; head++)
            {
                _attention.Backward(
                    _pass.Head(layer.QueryKeyValue, sequence * length, head),
                    _pass.Head(_gradients.QueryKeyValue, sequence * length, head),
                    length,
                    _pass.Mixed(layer.Mixed, sequence, head, length),
                    _pass.Mixed(_gradients.Mixed, sequence, head, length),
                    _pass.LogSums(layer, sequence, head, length),
                    _activations.Attention,
                    _activations.Gemm);
            }
        }
    }

    private void EmbeddingBackward(TokenBatch batch, int first, int count, float* gradient)
    {
        float* row = _gradients.Residual.Pointer;
        for (int sequence = first; sequence < first + count; sequence++)
        {
            ReadOnlySpan<ushort> tokens = batch.Sequence(sequence);
            for (int position = 0; position < batch.Length; position++, row += _shape.Width)
            {
                VectorMath.AddScaled(gradient + ((nint)tokens[position] * _shape.Width), row, 1f, _shape.Width);
            }
        }
    }

    private void Multiply(Matrix left, PackedMatrix right, Matrix result) =>
        _engine.Multiply(left, right, result, accumulate: false, _activations.Gemm);

    private void AddProduct(Matrix left, Matrix right, Matrix result) =>
        _engine.Multiply(left, right, result, accumulate: true, _activations.Gemm);
}
