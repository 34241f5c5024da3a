using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;
using Basilisk.Model.Transformer;

namespace Basilisk.Model.Inference;

/// <summary>
/// Reads tokens and predicts the next one, keeping each block's keys and values (fp32) so that a token costs one row of work.
/// A prompt is read in one pass.
/// When the context is full, the newest half of it is read again from position 0 and the older half is forgotten:
/// positions the model was never trained on do not occur, and the cost is spread over the T/2 tokens until the next time.
/// </summary>
/// <remarks>One thread at a time. Memory is fixed at construction: 2·L·T·D floats of cache and scratch for T rows.</remarks>
public sealed unsafe class Decoder
{
    private readonly InferenceWeights _weights;
    private readonly ModelShape _shape;
    private readonly ushort[] _history;
    private readonly DecoderScratch _scratch;
    private readonly FloatBuffer[] _keys;
    private readonly FloatBuffer[] _values;
    private readonly float _scale;
    private int _length;

    /// <param name="weights">Shared, never written.</param>
    public Decoder(InferenceWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _weights = weights;
        _shape = weights.Shape;
        _history = new ushort[_shape.Context];
        _scratch = new DecoderScratch(_shape);
        _keys = NewCache();
        _values = NewCache();
        _scale = 1f / MathF.Sqrt(_shape.HeadWidth);
    }

    /// <summary>Tokens in the cache now.</summary>
    public int Length => _length;

    /// <summary>Logits [V] of the token after the last one read; overwritten by the next read.</summary>
    public ReadOnlySpan<float> Logits => _scratch.Logits.Span;

    /// <summary>Forgets everything read.</summary>
    public void Reset() => _length = 0;

    /// <summary>Reads tokens after those read before and returns the next token's logits [V].</summary>
    /// <param name="tokens">At least one; of more than a context's worth, only the newest half context counts.</param>
    /// <exception cref="ArgumentException">No token, or one outside the vocabulary.</exception>
    public ReadOnlySpan<float> Read(scoped ReadOnlySpan<ushort> tokens)
    {
        Check(tokens);
        if (_length + tokens.Length <= _shape.Context)
        {
            Append(tokens);
        }
        else
        {
            Slide(tokens);
        }

        return Logits;
    }

    /// <summary>Reads one token and returns the next token's logits [V].</summary>
    public ReadOnlySpan<float> Read(ushort token) => Read([token]);

    private void Slide(ReadOnlySpan<ushort> tokens)
    {
        int keep = Math.Max(1, _shape.Context / 2);
        var window = new ushort[keep];
        int fromNew = Math.Min(keep, tokens.Length);
        int fromOld = Math.Min(keep - fromNew, _length);
        _history.AsSpan(_length - fromOld, fromOld).CopyTo(window);
        tokens[^fromNew..].CopyTo(window.AsSpan(fromOld));
        _length = 0;
        Append(window.AsSpan(0, fromOld + fromNew));
    }

    private void Append(ReadOnlySpan<ushort> tokens)
    {
        tokens.CopyTo(_history.AsSpan(_length));
        float* x = _scratch.Residual.Pointer;
        float* embedding = _weights.At(_weights.Layout.Embedding);
        for (int row = 0; row < tokens.Length; row++)
        {
            VectorMath.Copy(embedding + ((nint)tokens[row] * _shape.Width), x + ((nint)row * _shape.Width), _shape.Width);
        }

        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            AddAttention(layer, tokens.Length);
            AddFeedForward(_weights.Layout.Layers[layer], tokens.Length);
        }

        _length += tokens.Length;
        float* last = x + ((nint)(tokens.Length - 1) * _shape.Width);
        RmsNorm.Forward(last, _weights.At(_weights.Layout.FinalNorm), _scratch.Normed.Pointer, _scratch.Inverse.Pointer, 1, _shape.Width);
        Project(_scratch.Normed.Pointer, 1, _weights.At(_weights.Layout.Head), _shape.Vocabulary, _shape.Width, _scratch.Logits.Pointer, accumulate: false);
    }

    /// <summary>x[R, D] += attention; the R rows stand at positions length … length + R − 1.</summary>
    private void AddAttention(int layer, int rows)
    {
        LayerSlots slots = _weights.Layout.Layers[layer];
        int width = _shape.Width;
        float* x = _scratch.Residual.Pointer;
        float* joint = _scratch.QueryKeyValue.Pointer;
        RmsNorm.Forward(x, _weights.At(slots.AttentionNorm), _scratch.Normed.Pointer, _scratch.Inverse.Pointer, rows, width);
        Project(_scratch.Normed.Pointer, rows, _weights.At(slots.Query), 3 * width, width, joint, accumulate: false);
        for (int row = 0; row < rows; row++)
        {
            float* query = joint + ((nint)row * 3 * width);
            int position = _length + row;
            _weights.Rotary.Turn(query, position);
            _weights.Rotary.Turn(query + width, position);
            VectorMath.Copy(query + width, _keys[layer].Pointer + ((nint)position * width), width);
            VectorMath.Copy(query + (2 * width), _values[layer].Pointer + ((nint)position * width), width);
        }

        for (int row = 0; row < rows; row++)
        {
            float* query = joint + ((nint)row * 3 * width);
            MixRow(layer, query, _length + row + 1, _scratch.Mixed.Pointer + ((nint)row * width));
        }

        Project(_scratch.Mixed.Pointer, rows, _weights.At(slots.Output), width, width, x, accumulate: true);
    }

    /// <summary>mixed[D] of one query row over the first <paramref name="seen"/> cached tokens, head by head.</summary>
    private void MixRow(int layer, float* query, int seen, float* mixed)
    {
        int width = _shape.Width;
        int headWidth = _shape.HeadWidth;
        float* scores = _scratch.Scores.Pointer;
        for (int head = 0; head < _shape.Heads; head++)
        {
            int at = head * headWidth;
            float* keys = _keys[layer].Pointer + at;
            float* values = _values[layer].Pointer + at;
            for (int s = 0; s < seen; s++)
            {
                scores[s] = VectorMath.Dot(query + at, keys + ((nint)s * width), headWidth);
            }

            float shift = _scale * VectorMath.Max(scores, seen);
            float inverse = 1f / VectorMath.ExpInPlace(scores, _scale, shift, seen);
            VectorMath.Clear(mixed + at, headWidth);
            for (int s = 0; s < seen; s++)
            {
                VectorMath.AddScaled(mixed + at, values + ((nint)s * width), scores[s] * inverse, headWidth);
            }
        }
    }

    private void AddFeedForward(LayerSlots slots, int rows)
    {
        int width = _shape.Width;
        int hidden = _shape.FeedForward;
        float* x = _scratch.Residual.Pointer;
        RmsNorm.Forward(x, _weights.At(slots.FeedForwardNorm), _scratch.Normed.Pointer, _scratch.Inverse.Pointer, rows, width);
        Project(_scratch.Normed.Pointer, rows, _weights.At(slots.Gate), 2 * hidden, width, _scratch.GateUp.Pointer, accumulate: false);
        SwiGlu.Forward(_scratch.GateUp.Pointer, _scratch.Hidden.Pointer, rows, hidden);
        Project(_scratch.Hidden.Pointer, rows, _weights.At(slots.Down), width, hidden, x, accumulate: true);
    }

    /// <summary>y[R, outputs] (+)= x[R, inputs]·Wᵀ, W[outputs, inputs].</summary>
    private void Project(float* x, int rows, float* w, int outputs, int inputs, float* y, bool accumulate)
    {
        if (rows > 1)
        {
            GemmEngines.Fastest.Multiply(
                new Matrix(x, rows, inputs), new Matrix(w, outputs, inputs).Transposed, new Matrix(y, rows, outputs), accumulate, _scratch.Gemm);
            return;
        }

        // One row is bound by reading the weights once: packing would only read them twice.
        for (int i = 0; i < outputs; i++, w += inputs)
        {
            float sum = VectorMath.Dot(x, w, inputs);
            y[i] = accumulate ? y[i] + sum : sum;
        }
    }

    private void Check(ReadOnlySpan<ushort> tokens)
    {
        if (tokens.IsEmpty)
        {
            throw new ArgumentException("At least one token is needed.", nameof(tokens));
        }

        foreach (ushort token in tokens)
        {
            if (token >= _shape.Vocabulary)
            {
                throw new ArgumentException($"Token {token} is not in the vocabulary of {_shape.Vocabulary}.", nameof(tokens));
            }
        }
    }

    private FloatBuffer[] NewCache() =>
        [.. Enumerable.Range(0, _shape.Layers).Select(_ => new FloatBuffer((long)_shape.Context * _shape.Width))];
}

/// <summary>A decoder's working memory: T rows for prompts, one row of logits.</summary>
internal sealed class DecoderScratch(ModelShape shape)
{
    public FloatBuffer Residual { get; } = new((long)shape.Context * shape.Width);

    public FloatBuffer Normed { get; } = new((long)shape.Context * shape.Width);

    public FloatBuffer Inverse { get; } = new(shape.Context);

    public FloatBuffer QueryKeyValue { get; } = new(3L * shape.Context * shape.Width);

    public FloatBuffer Mixed { get; } = new((long)shape.Context * shape.Width);

    public FloatBuffer GateUp { get; } = new(2L * shape.Context * shape.FeedForward);

    public FloatBuffer Hidden { get; } = new((long)shape.Context * shape.FeedForward);

    public FloatBuffer Scores { get; } = new(shape.Context);

    public FloatBuffer Logits { get; } = new(shape.Vocabulary);

    public GemmWorkspace Gemm { get; } = new();
}
