using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Simd;

namespace Basilisk.Exact.Judging;

/// <summary>Causal self-attention with rotary positions over one sequence, in integers.</summary>
internal sealed class Attention
{
    /// <summary>Fraction bits of a score, whose unit is a power of 2 (log2 e is folded into the scale): 2^(−d) is then a table look-up.</summary>
    private const int ScoreBits = ExponentialTable.ArgumentBits;

    /// <summary>Fraction bits of an unnormalised attention weight; the largest of a row is exactly 2^18.</summary>
    internal const int WeightBits = 18;

    /// <summary>Fraction bits of the score scale, which is below 2^31: a head has two channels or more.</summary>
    internal const int ScaleBits = 30;

    private const int QueryBlock = 64;

    private readonly RotaryTable _rotary;
    private readonly KernelSet _kernels;
    private readonly int _heads;
    private readonly int _headWidth;
    private readonly int _stride;
    private readonly NumberWidths _widths;
    private readonly int _scale;
    private readonly PackedRows _keys;
    private readonly ActivationBlock _queries;
    private readonly int[] _scores;
    private readonly int[] _weights;
    private readonly int[] _rotated;
    private readonly long[] _sums;
    private readonly long[] _wide;

    /// <param name="shape">Its context is the longest sequence.</param>
    /// <param name="rotary">For the shape's head width and context.</param>
    /// <param name="kernels">Inner loops.</param>
    /// <param name="widths">Bits of quantised queries (activations) and keys (weights).</param>
    /// <param name="stride">Distance between the tokens of queries, keys and values.</param>
    public Attention(ModelShape shape, RotaryTable rotary, KernelSet kernels, NumberWidths widths, int stride)
    {
        _rotary = rotary;
        _kernels = kernels;
        _heads = shape.Heads;
        _headWidth = shape.HeadWidth;
        _stride = stride;
        _widths = widths;
        _scale = ScoreScale(_headWidth);
        _keys = new PackedRows(shape.Context, _headWidth);
        _queries = new ActivationBlock(shape.Context, _headWidth);
        _scores = new int[QueryBlock * _keys.Panels * PackedRows.PanelRows];
        _weights = new int[shape.Context];
        _rotated = new int[_headWidth];
        _sums = new long[_headWidth];
        _wide = new long[_headWidth];
    }

    /// <summary>round(2^30 · log2 e / √headWidth): what a query is multiplied by, so that scores are powers of 2.</summary>
    internal static int ScoreScale(int headWidth) => (int)BigFixed.Round(
        BigFixed.Divide(BigFixed.Divide(BigFixed.One, BigFixed.Ln2), BigFixed.SquareRoot(BigFixed.One * headWidth)),
        ScaleBits);

    /// <summary>Replaces each query by the mix of the values that it and its head attend to.</summary>
    /// <param name="queries">[length, stride], Q20.</param>
    /// <param name="keys">[length, stride], Q20.</param>
    /// <param name="values">[length, stride], Q20.</param>
    /// <param name="length">Tokens, at most the context.</param>
    public void Run(Span<int> queries, ReadOnlySpan<int> keys, ReadOnlySpan<int> values, int length)
    {
        for (int head = 0; head < _heads; head++)
        {
            int offset = head * _headWidth;
            PrepareHead(queries[offset..], keys[offset..], length);
            for (int first = 0; first < length; first += QueryBlock)
            {
                int count = Math.Min(QueryBlock, length - first);
                MixBlock(queries[offset..], values[offset..], first, count);
            }
        }
    }

    /// <summary>Rotates and quantises the queries and keys of one head.</summary>
    private void PrepareHead(ReadOnlySpan<int> queries, ReadOnlySpan<int> keys, int length)
    {
        for (int t = 0; t < length; t++)
        {
            Rotate(queries.Slice(t * _stride, _headWidth), t);
            _kernels.Scale(_rotated, _scale, _wide);
            _kernels.Quantise(_wide, _widths.Activation, _queries, t);
            Rotate(keys.Slice(t * _stride, _headWidth), t);
            _kernels.Quantise(_rotated, _widths.Weight, _keys, t);
        }
    }

    /// <summary>Turns channel i with channel i + headWidth / 2 by the position's angle.</summary>
    internal static void Rotate(ReadOnlySpan<int> head, ReadOnlySpan<int> cosines, ReadOnlySpan<int> sines, Span<int> result)
    {
        int half = cosines.Length;
        for (int i = 0; i < half; i++)
        {
            long x = head[i];
            long y = head[i + half];
            result[i] = FixedPoint.Rescale((x * cosines[i]) - (y * sines[i]), RotaryTable.ValueBits);
            result[i + half] = FixedPoint.Rescale((y * cosines[i]) + (x * sines[i]), RotaryTable.ValueBits);
        }
    }

    /// <summary>Queries times the score scale.</summary>
    internal static void Scale(ReadOnlySpan<int> values, int scale, Span<long> result)
    {
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = FixedPoint.Saturate(FixedPoint.RoundShift((long)values[i] * scale, ScaleBits));
        }
    }

    /// <summary>Weighted sums over the sum of their weights.</summary>
    internal static void Divide(ReadOnlySpan<long> sums, long divisor, Span<int> result)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            result[i] = (int)FixedPoint.RoundDivide(sums[i], divisor);
        }
    }

    private void Rotate(ReadOnlySpan<int> head, int position) =>
        _kernels.Rotate(head, _rotary.Cosines(position), _rotary.Sines(position), _rotated);

    private void MixBlock(Span<int> mixed, ReadOnlySpan<int> values, int first, int count)
    {
        // Keys of the same panel as the last query are multiplied too; the softmax never reads those in the future.
        int panels = (first + count + PackedRows.PanelRows - 1) / PackedRows.PanelRows;
        int scoreStride = panels * PackedRows.PanelRows;
        _kernels.Multiply(_keys, panels, _queries, first, count, (2 * ForwardPass.StreamBits) - ScoreBits, _scores, scoreStride);
        for (int t = 0; t < count; t++)
        {
            int visible = first + t + 1;
            Span<int> weights = _weights.AsSpan(0, visible);
            ReadOnlySpan<int> scores = _scores.AsSpan(t * scoreStride, visible);
            long sum = _kernels.Weigh(scores, _kernels.Largest(scores), weights);
            _kernels.WeightedSum(weights, values, _stride, _sums);
            _kernels.Divide(_sums, sum, mixed.Slice((first + t) * _stride, _headWidth));
        }
    }

    /// <summary>Unnormalised softmax: 2^(score − largest) in Q18, and their sum.</summary>
    internal static long Weigh(ReadOnlySpan<int> scores, int largest, Span<int> weights)
    {
        long sum = 0;
        for (int s = 0; s < scores.Length; s++)
        {
            int weight = ExponentialTable.Negative((uint)((long)largest - scores[s]), WeightBits);
            weights[s] = weight;
            sum += weight;
        }

        return sum;
    }
}
