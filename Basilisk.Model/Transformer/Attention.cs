using System.Numerics;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>Scratch of one head: two bands of scores and the packed operands.</summary>
internal sealed class AttentionScratch
{
    public AttentionScratch(ModelShape shape)
    {
        GemmEngine engine = GemmEngines.Fastest;
        int width = shape.HeadWidth;
        Scores = new FloatBuffer((long)Attention.BandRows * shape.Context);
        ScoreGradients = new FloatBuffer((long)Attention.BandRows * shape.Context);
        KeysAcross = new FloatBuffer(engine.PackedLength(width, shape.Context));
        ValuesAcross = new FloatBuffer(engine.PackedLength(width, shape.Context));
        Down = new FloatBuffer(engine.PackedLength(shape.Context, width));
    }

    /// <summary>[band, T].</summary>
    public FloatBuffer Scores { get; }

    /// <summary>[band, T].</summary>
    public FloatBuffer ScoreGradients { get; }

    /// <summary>Packed Kᵀ[W, T].</summary>
    public FloatBuffer KeysAcross { get; }

    /// <summary>Packed Vᵀ[W, T].</summary>
    public FloatBuffer ValuesAcross { get; }

    /// <summary>Packed V[T, W], or K[T, W] on the way back.</summary>
    public FloatBuffer Down { get; }
}

/// <summary>One head of one sequence: T rows of width W that lie in rows of a wider matrix.</summary>
/// <param name="Query">First row's first element.</param>
/// <param name="Key">First row's first element.</param>
/// <param name="Value">First row's first element.</param>
/// <param name="Stride">Floats from one token's row to the next, for all three.</param>
internal readonly unsafe record struct HeadRows(nint Query, nint Key, nint Value, int Stride)
{
    public Matrix Queries(int rows, int width) => new((float*)Query, rows, width, Stride);

    public Matrix Keys(int rows, int width) => new((float*)Key, rows, width, Stride);

    public Matrix Values(int rows, int width) => new((float*)Value, rows, width, Stride);
}

/// <summary>
/// Causal attention of one head, in bands of query rows: a band needs only the keys up to its last row, so about half of the
/// score matrix is never computed, and none of it is kept. The way back computes the scores again from the kept row sums
/// (as FlashAttention does, Dao et al. 2022).
/// </summary>
internal sealed unsafe class Attention(int width, GemmEngine engine)
{
    /// <summary>Rows of a band; a multiple of 12 and 6, the rows of the vector kernels' tiles.</summary>
    public const int BandRows = 48;

    private readonly float _scale = 1f / MathF.Sqrt(width);

    /// <summary>mixed[T, W] = softmax(Q·Kᵀ / √W, causal)·V; logSums[T] for the way back.</summary>
    public void Forward(HeadRows head, int length, Matrix mixed, float* logSums, AttentionScratch scratch, GemmWorkspace workspace)
    {
        PackedMatrix keys = engine.Pack(head.Keys(length, width).Transposed, scratch.KeysAcross.Pointer);
        PackedMatrix values = engine.Pack(head.Values(length, width), scratch.Down.Pointer);
        for (int first = 0; first < length; first += BandRows)
        {
            int rows = Math.Min(BandRows, length - first);
            int reach = first + rows;
            var scores = new Matrix(scratch.Scores.Pointer, rows, reach);
            engine.Multiply(head.Queries(length, width).RowRange(first, rows), keys, scores, accumulate: false, workspace);
            for (int row = 0; row < rows; row++)
            {
                logSums[first + row] = Softmax(scores.Data + ((nint)row * reach), first + row + 1, reach);
            }

            engine.Multiply(scores, values, mixed.RowRange(first, rows), accumulate: false, workspace);
        }
    }

    /// <summary>Gradients of Q, K and V, each [T, W], from that of mixed[T, W].</summary>
    public void Backward(
        HeadRows head,
        HeadRows gradient,
        int length,
        Matrix mixed,
        Matrix mixedGradient,
        float* logSums,
        AttentionScratch scratch,
        GemmWorkspace workspace)
    {
        PackedMatrix keysAcross = engine.Pack(head.Keys(length, width).Transposed, scratch.KeysAcross.Pointer);
        PackedMatrix valuesAcross = engine.Pack(head.Values(length, width).Transposed, scratch.ValuesAcross.Pointer);
        PackedMatrix keysDown = engine.Pack(head.Keys(length, width), scratch.Down.Pointer);

        // The last band reaches every key, so it sets the gradients that the earlier ones add to.
        int lastBand = (length - 1) / BandRows * BandRows;
        for (int first = lastBand; first >= 0; first -= BandRows)
        {
            int rows = Math.Min(BandRows, length - first);
            int reach = first + rows;
            bool add = first != lastBand;
            Matrix queries = head.Queries(length, width).RowRange(first, rows);
            Matrix bandGradient = mixedGradient.RowRange(first, rows);
            var scores = new Matrix(scratch.Scores.Pointer, rows, reach);
            var scoreGradients = new Matrix(scratch.ScoreGradients.Pointer, rows, reach);

            engine.Multiply(queries, keysAcross, scores, accumulate: false, workspace);
            engine.Multiply(bandGradient, valuesAcross, scoreGradients, accumulate: false, workspace);
            for (int row = 0; row < rows; row++)
            {
                float* mixedRow = mixed.RowRange(first + row, 1).Data;
                float dot = VectorMath.Dot(mixedRow, bandGradient.RowRange(row, 1).Data, width);
                nint offset = (nint)row * reach;
                SoftmaxBackward(scores.Data + offset, scoreGradients.Data + offset, logSums[first + row], dot, first + row + 1, reach);
            }

            engine.Multiply(scoreGradients, keysDown, gradient.Queries(length, width).RowRange(first, rows), accumulate: false, workspace);
            engine.Multiply(scores.Transposed, bandGradient, gradient.Values(reach, width), add, workspace);
            engine.Multiply(scoreGradients.Transposed, queries, gradient.Keys(reach, width), add, workspace);
        }
    }

    /// <summary>Turns scores into probabilities over the first <paramref name="seen"/> and zeros up to <paramref name="reach"/>; returns log Σ e^(scaled score).</summary>
    private float Softmax(float* scores, int seen, int reach)
    {
        float shift = _scale * VectorMath.Max(scores, seen);
        float sum = VectorMath.ExpInPlace(scores, _scale, shift, seen);
        VectorMath.Scale(scores, 1f / sum, seen);
        VectorMath.Clear(scores + seen, reach - seen);
        return shift + MathF.Log(sum);
    }

    /// <summary>Scores become probabilities again, and their gradients dP become dS = P ∘ (dP − dot) / √W.</summary>
    private void SoftmaxBackward(float* scores, float* gradients, float logSum, float dot, int seen, int reach)
    {
        int lanes = Vector<float>.Count;
        var scale = new Vector<float>(_scale);
        var minusLogSum = new Vector<float>(-logSum);
        var dots = new Vector<float>(dot);
        int i = 0;
        for (; i + lanes <= seen; i += lanes)
        {
            Vector<float> p = VectorMath.Exp(Vector.FusedMultiplyAdd(scale, Vector.Load(scores + i), minusLogSum));
            p.Store(scores + i);
            ((Vector.Load(gradients + i) - dots) * p * scale).Store(gradients + i);
        }

        for (; i < seen; i++)
        {
            float p = MathF.Exp((_scale * scores[i]) - logSum);
            scores[i] = p;
            gradients[i] = (gradients[i] - dot) * p * _scale;
        }

        VectorMath.Clear(scores + seen, reach - seen);
        VectorMath.Clear(gradients + seen, reach - seen);
    }
}
