using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Model.Transformer;

/// <summary>
/// The model's loss in fp64 plain loops: the definition that the fast passes, gradients and the integer judge are compared with.
/// It is slow on purpose; nothing is shared with the code it checks.
/// </summary>
public sealed class ReferenceLoss
{
    private readonly ModelShape _shape;
    private readonly ParameterLayout _layout;

    public ReferenceLoss(ModelShape shape)
    {
        _shape = shape;
        _layout = new ParameterLayout(shape);
    }

    /// <summary>Loss sum of each sequence, nats.</summary>
    /// <param name="weights">[P] in layout order.</param>
    /// <param name="batch">Tokens below V.</param>
    public double[] Evaluate(ReadOnlySpan<double> weights, TokenBatch batch)
    {
        BatchRules.Check(batch, _shape);
        var losses = new double[batch.Sequences];
        for (int i = 0; i < losses.Length; i++)
        {
            ReadOnlySpan<ushort> tokens = batch.Sequence(i);
            double[][] logits = Logits(weights, tokens[..^1]);
            for (int t = 0; t < logits.Length; t++)
            {
                double max = logits[t].Max();
                losses[i] += max + Math.Log(logits[t].Sum(z => Math.Exp(z - max))) - logits[t][tokens[t + 1]];
            }
        }

        return losses;
    }

    /// <summary>Logits[T][V] of one sequence.</summary>
    public double[][] Logits(ReadOnlySpan<double> weights, ReadOnlySpan<ushort> tokens)
    {
        var x = new double[tokens.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            x[t] = weights.Slice(_layout.Embedding.Offset + (tokens[t] * _shape.Width), _shape.Width).ToArray();
        }

        foreach (LayerSlots layer in _layout.Layers)
        {
            AddAttention(weights, layer, x);
            AddFeedForward(weights, layer, x);
        }

        var logits = new double[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            logits[t] = Project(weights, _layout.Head, Normed(weights, _layout.FinalNorm, x[t]));
        }

        return logits;
    }

    private void AddAttention(ReadOnlySpan<double> weights, LayerSlots layer, double[][] x)
    {
        var keys = new double[x.Length][];
        var values = new double[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            double[] input = Normed(weights, layer.AttentionNorm, x[t]);
            double[] query = Turned(Project(weights, layer.Query, input), t);
            keys[t] = Turned(Project(weights, layer.Key, input), t);
            values[t] = Project(weights, layer.Value, input);
            double[] mixed = Mix(query, keys, values, t);
            Add(x[t], Project(weights, layer.Output, mixed));
        }
    }

    private double[] Mix(double[] query, double[][] keys, double[][] values, int position)
    {
        int width = _shape.HeadWidth;
        var mixed = new double[_shape.Width];
        for (int head = 0; head < _shape.Heads; head++)
        {
            int at = head * width;
            var scores = new double[position + 1];
            for (int s = 0; s <= position; s++)
            {
                for (int i = 0; i < width; i++)
                {
                    scores[s] += query[at + i] * keys[s][at + i];
                }

                scores[s] /= Math.Sqrt(width);
            }

            double max = scores.Max();
            double sum = scores.Sum(score => Math.Exp(score - max));
            for (int s = 0; s <= position; s++)
            {
                double p = Math.Exp(scores[s] - max) / sum;
                for (int i = 0; i < width; i++)
                {
                    mixed[at + i] += p * values[s][at + i];
                }
            }
        }

        return mixed;
    }

    private static void AddFeedForward(ReadOnlySpan<double> weights, LayerSlots layer, double[][] x)
    {
        foreach (double[] row in x)
        {
            double[] input = Normed(weights, layer.FeedForwardNorm, row);
            double[] gate = Project(weights, layer.Gate, input);
            double[] up = Project(weights, layer.Up, input);
            for (int i = 0; i < gate.Length; i++)
            {
                gate[i] = gate[i] / (1 + Math.Exp(-gate[i])) * up[i];
            }

            Add(row, Project(weights, layer.Down, gate));
        }
    }

    private static double[] Normed(ReadOnlySpan<double> weights, TensorSlot gain, double[] x)
    {
        double inverse = 1 / Math.Sqrt((x.Sum(v => v * v) / x.Length) + 1e-5);
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] * inverse * weights[gain.Offset + i];
        }

        return y;
    }

    private static double[] Project(ReadOnlySpan<double> weights, TensorSlot matrix, double[] x)
    {
        var y = new double[matrix.Rows];
        for (int row = 0; row < y.Length; row++)
        {
            ReadOnlySpan<double> w = weights.Slice(matrix.Offset + (row * matrix.Columns), matrix.Columns);
            for (int i = 0; i < w.Length; i++)
            {
                y[row] += w[i] * x[i];
            }
        }

        return y;
    }

    private double[] Turned(double[] x, int position)
    {
        int half = _shape.HeadWidth / 2;
        var y = new double[x.Length];
        for (int head = 0; head < _shape.Heads; head++)
        {
            for (int i = 0; i < half; i++)
            {
                int first = (head * 2 * half) + i;
                int second = first + half;
                double angle = position * Math.Pow(10_000, -2.0 * i / _shape.HeadWidth);
                y[first] = (x[first] * Math.Cos(angle)) - (x[second] * Math.Sin(angle));
                y[second] = (x[second] * Math.Cos(angle)) + (x[first] * Math.Sin(angle));
            }
        }

        return y;
    }

    private static void Add(double[] x, double[] y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] += y[i];
        }
    }
}
