using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Simd;

namespace Basilisk.Exact.Judging;

/// <summary>
/// The integer forward pass over one sequence. It owns the scratch of one thread; nothing is allocated per token.
/// Formats: residual, projections and logits Q20 in int32; see docs/numbers.md.
/// </summary>
internal sealed class ForwardPass
{
    /// <summary>Fraction bits of the residual stream and of every projection.</summary>
    public const int StreamBits = 20;

    /// <summary>Tokens multiplied at a time: bounds the scratch and keeps it in cache.</summary>
    private const int TokenBlock = 64;

    private readonly ModelShape _shape;
    private readonly QuantisedModel _model;
    private readonly KernelSet _kernels;
    private readonly int _activationBits;
    private readonly Attention _attention;

    private readonly int _width;
    private readonly int _hidden;
    private readonly int[] _residual;
    private readonly int[] _query;
    private readonly int[] _key;
    private readonly int[] _value;
    private readonly int[] _projection;
    private readonly int[] _gate;
    private readonly int[] _up;
    private readonly int[] _logits;
    private readonly ActivationBlock _activations;
    private readonly ActivationBlock _hiddenActivations;
    private readonly long[] _wide;

    public ForwardPass(ModelShape shape, QuantisedModel model, RotaryTable rotary, KernelSet kernels, NumberWidths widths)
    {
        _shape = shape;
        _model = model;
        _kernels = kernels;
        _activationBits = widths.Activation;
        _width = shape.Width;
        _hidden = shape.FeedForward;
        int stride = Padded(_width);
        _residual = new int[shape.Context * _width];
        _query = new int[shape.Context * stride];
        _key = new int[shape.Context * stride];
        _value = new int[shape.Context * stride];
        _projection = new int[TokenBlock * stride];
        _gate = new int[TokenBlock * Padded(_hidden)];
        _up = new int[TokenBlock * Padded(_hidden)];
        _logits = new int[TokenBlock * Padded(shape.Vocabulary)];
        _activations = new ActivationBlock(TokenBlock, _width);
        _hiddenActivations = new ActivationBlock(TokenBlock, _hidden);
        _wide = new long[Math.Max(_width, _hidden)];
        _attention = new Attention(shape, rotary, kernels, widths, stride);
    }

    /// <summary>The loss of one sequence: the sum over its targets, in nats with 24 fraction bits.</summary>
    /// <param name="tokens">T + 1 tokens; inputs are all but the last, targets all but the first.</param>
    public long Loss(ReadOnlySpan<ushort> tokens)
    {
        int length = tokens.Length - 1;
        Embed(tokens[..length]);
        foreach (QuantisedLayer layer in _model.Layers)
        {
            Attend(layer, length);
            FeedForward(layer, length);
        }

        return Score(tokens, length);
    }

    /// <summary>sums = Saturate(sums + added).</summary>
    internal static void Add(Span<int> sums, ReadOnlySpan<int> added)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = FixedPoint.Saturate((long)sums[i] + added[i]);
        }
    }

    /// <summary>Rows of a product, rounded up to whole panels.</summary>
    private static int Padded(int rows) => (rows + PackedRows.PanelRows - 1) / PackedRows.PanelRows * PackedRows.PanelRows;

    private void Embed(ReadOnlySpan<ushort> tokens)
    {
        ReadOnlySpan<int> embedding = _model.Embedding.Span;
        for (int t = 0; t < tokens.Length; t++)
        {
            ReadOnlySpan<int> row = embedding.Slice(tokens[t] * _width, _width);
            Span<int> target = Residual(t);
            for (int i = 0; i < row.Length; i++)
            {
                target[i] = FixedPoint.Saturate(FixedPoint.RoundShift(row[i], MasterWeights.FractionBits - StreamBits));
            }
        }
    }

    private Span<int> Residual(int token) => _residual.AsSpan(token * _width, _width);

    private void Attend(QuantisedLayer layer, int length)
    {
        int stride = Padded(_width);
        for (int first = 0; first < length; first += TokenBlock)
        {
            int count = Math.Min(TokenBlock, length - first);
            Normalise(layer.AttentionGain, first, count);
            Multiply(layer.Query, _activations, RootMeanSquareNorm.ResultBits, count, _query.AsSpan(first * stride));
            Multiply(layer.Key, _activations, RootMeanSquareNorm.ResultBits, count, _key.AsSpan(first * stride));
            Multiply(layer.Value, _activations, RootMeanSquareNorm.ResultBits, count, _value.AsSpan(first * stride));
        }

        // The mixed values replace the queries.
        _attention.Run(_query, _key, _value, length);
        for (int first = 0; first < length; first += TokenBlock)
        {
            int count = Math.Min(TokenBlock, length - first);
            for (int t = 0; t < count; t++)
            {
                Widen(_query.AsSpan((first + t) * stride, _width));
                _kernels.Quantise(_wide.AsSpan(0, _width), _activationBits, _activations, t);
            }

            Multiply(layer.Output, _activations, StreamBits, count, _projection);
            AddToResidual(first, count);
        }
    }

    private void FeedForward(QuantisedLayer layer, int length)
    {
        int stride = Padded(_hidden);
        for (int first = 0; first < length; first += TokenBlock)
        {
            int count = Math.Min(TokenBlock, length - first);
            Normalise(layer.FeedForwardGain, first, count);
            Multiply(layer.Gate, _activations, RootMeanSquareNorm.ResultBits, count, _gate);
            Multiply(layer.Up, _activations, RootMeanSquareNorm.ResultBits, count, _up);
            for (int t = 0; t < count; t++)
            {
                Span<long> product = _wide.AsSpan(0, _hidden);
                _kernels.Gate(_gate.AsSpan(t * stride, _hidden), _up.AsSpan(t * stride, _hidden), product);
                _kernels.Quantise(product, _activationBits, _hiddenActivations, t);
            }

            Multiply(layer.Down, _hiddenActivations, SwiGlu.ResultBits, count, _projection);
            AddToResidual(first, count);
        }
    }

    private long Score(ReadOnlySpan<ushort> tokens, int length)
    {
        int stride = Padded(_shape.Vocabulary);
        long total = 0;
        for (int first = 0; first < length; first += TokenBlock)
        {
            int count = Math.Min(TokenBlock, length - first);
            Normalise(_model.FinalGain, first, count);
            Multiply(_model.Head, _activations, RootMeanSquareNorm.ResultBits, count, _logits);
            for (int t = 0; t < count; t++)
            {
                total += CrossEntropy.Loss(_logits.AsSpan(t * stride, _shape.Vocabulary), tokens[first + t + 1], _kernels);
            }
        }

        return total;
    }

    /// <summary>Normalises a block of the residual stream into <see cref="_activations"/>.</summary>
    private void Normalise(int[] gain, int first, int count)
    {
        Span<long> wide = _wide.AsSpan(0, _width);
        for (int t = 0; t < count; t++)
        {
            RootMeanSquareNorm.Apply(Residual(first + t), gain, wide, _kernels);
            _kernels.Quantise(wide, _activationBits, _activations, t);
        }
    }

    private void Widen(ReadOnlySpan<int> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _wide[i] = values[i];
        }
    }

    /// <summary>Products of a matrix with the first tokens of a block, in Q20.</summary>
    /// <param name="fractionBits">Of the activations before they were quantised.</param>
    private void Multiply(PackedRows rows, ActivationBlock activations, int fractionBits, int count, Span<int> result) =>
        _kernels.Multiply(
            rows, rows.Panels, activations, first: 0, count, MasterWeights.FractionBits + fractionBits - StreamBits, result, Padded(rows.Rows));

    private void AddToResidual(int first, int count)
    {
        int stride = Padded(_width);
        for (int t = 0; t < count; t++)
        {
            _kernels.Add(Residual(first + t), _projection.AsSpan(t * stride, _width));
        }
    }
}
