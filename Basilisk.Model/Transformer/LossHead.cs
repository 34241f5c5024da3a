using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>Logits, cross-entropy and its gradient in one go, in bands of rows so that a large vocabulary needs little memory.</summary>
internal sealed unsafe class LossHead(ParameterLayout layout, Activations activations)
{
    private readonly GemmEngine _engine = GemmEngines.Fastest;
    private readonly int _width = layout.Shape.Width;
    private readonly int _vocabulary = layout.Shape.Vocabulary;

    /// <summary>Adds each target's −ln p(target), nats, to its sequence's loss, summed in fp64.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="batch">Where the targets are.</param>
    /// <param name="first">First sequence of the shard, whose head input lies in the activations.</param>
    /// <param name="count">Sequences of the shard.</param>
    /// <param name="losses">One per sequence of the shard.</param>
    public void Losses(PassWeights weights, TokenBatch batch, int first, int count, Span<double> losses)
    {
        int rows = count * batch.Length;
        for (int row = 0; row < rows; row += activations.HeadRows)
        {
            int band = Math.Min(activations.HeadRows, rows - row);
            Matrix logits = Logits(weights, row, band);
            for (int i = 0; i < band; i++)
            {
                float* line = logits.RowRange(i, 1).Data;
                float target = line[Target(batch, first, row + i)];
                losses[(row + i) / batch.Length] += LogSum(line) - target;
            }
        }
    }

    /// <summary>
    /// The shard's loss sum, nats; gradient of <paramref name="scale"/> × that sum: the head's weights' is added to
    /// <paramref name="gradient"/>, the head input's is written to <paramref name="inputGradient"/>[R, D].
    /// </summary>
    public double LossAndGradient(PassWeights weights, TokenBatch batch, int first, int count, float scale, float* gradient, float* inputGradient)
    {
        int rows = count * batch.Length;
        double loss = 0;
        for (int row = 0; row < rows; row += activations.HeadRows)
        {
            int band = Math.Min(activations.HeadRows, rows - row);
            Matrix logits = Logits(weights, row, band);
            for (int i = 0; i < band; i++)
            {
                loss += RowGradient(logits.RowRange(i, 1).Data, Target(batch, first, row + i), scale);
            }

            var input = new Matrix(activations.OutputNormed.Pointer + ((nint)row * _width), band, _width);
            var headGradient = new Matrix(gradient + layout.Head.Offset, _vocabulary, _width);
            _engine.Multiply(logits, weights.Packed.Head.Backward, new Matrix(inputGradient + ((nint)row * _width), band, _width), accumulate: false, activations.Gemm);
            _engine.Multiply(logits.Transposed, input, headGradient, accumulate: true, activations.Gemm);
        }

        return loss;
    }

    private Matrix Logits(PassWeights weights, int row, int band)
    {
        var input = new Matrix(activations.OutputNormed.Pointer + ((nint)row * _width), band, _width);
        var logits = new Matrix(activations.Logits.Pointer, band, _vocabulary);
        _engine.Multiply(input, weights.Packed.Head.Forward, logits, accumulate: false, activations.Gemm);
        return logits;
    }

    private static int Target(TokenBatch batch, int first, int row) =>
        batch.Sequence(first + (row / batch.Length))[(row % batch.Length) + 1];

    /// <summary>ln Σ e^logit with the sum in fp64.</summary>
    private double LogSum(float* logits)
    {
        float max = VectorMath.Max(logits, _vocabulary);
        double sum = 0;
        for (int i = 0; i < _vocabulary; i++)
        {
            sum += Math.Exp(logits[i] - (double)max);
        }

        return max + Math.Log(sum);
    }

    /// <summary>Replaces logits by scale · (softmax − one-hot target); returns −ln p(target).</summary>
    private double RowGradient(float* logits, int target, float scale)
    {
        float max = VectorMath.Max(logits, _vocabulary);
        float targetLogit = logits[target];
        float sum = VectorMath.ExpInPlace(logits, 1f, max, _vocabulary);
        VectorMath.Scale(logits, scale / sum, _vocabulary);
        logits[target] -= scale;
        return Math.Log(sum) + max - targetLogit;
    }
}
