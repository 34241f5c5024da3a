using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Tests.Judging;

/// <summary>The same transformer in double precision, straight from its formulas: what the integers approximate.</summary>
internal sealed class FloatForward(ModelShape shape, int[] master)
{
    private readonly ParameterLayout _layout = new(shape);
    private readonly double[] _weights = Array.ConvertAll(master, w => w / (double)MasterWeights.One);

    /// <summary>The losses of a batch in nats, one per sequence.</summary>
    public double[] Losses(TokenBatch batch)
    {
        var losses = new double[batch.Sequences];
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = Loss(batch.Sequence(i));
        }

        return losses;
    }

    private double Loss(ReadOnlySpan<ushort> tokens)
    {
        int length = tokens.Length - 1;
        var residual = new double[length][];
        for (int t = 0; t < length; t++)
        {
            residual[t] = _weights.AsSpan(_layout.Embedding.Offset + (tokens[t] * shape.Width), shape.Width).ToArray();
        }

        foreach (LayerSlots layer in _layout.Layers)
        {
            Attend(layer, residual);
            foreach (double[] token in residual)
            {
                FeedForward(layer, token);
            }
        }

        double loss = 0;
        for (int t = 0; t < length; t++)
        {
            double[] logits = Multiply(_layout.Head, Normalise(residual[t], _layout.FinalNorm));
            double largest = logits.Max();
            loss += largest + Math.Log(logits.Sum(l => Math.Exp(l - largest))) - logits[tokens[t + 1]];
        }

        return loss;
    }

    private void Attend(LayerSlots layer, double[][] residual)
    {
        double[][] normal = Array.ConvertAll(residual, token => Normalise(token, layer.AttentionNorm));
        double[][] queries = Array.ConvertAll(normal, token => Multiply(layer.Query, token));
        double[][] keys = Array.ConvertAll(normal, token => Multiply(layer.Key, token));
        double[][] values = Array.ConvertAll(normal, token => Multiply(layer.Value, token));
        for (int t = 0; t < residual.Length; t++)
        {
            Rotate(queries[t], t);
            Rotate(keys[t], t);
        }

        for (int t = 0; t < residual.Length; t++)
        {
            var mixed = new double[shape.Width];
            for (int offset = 0; offset < shape.Width; offset += shape.HeadWidth)
            {
                Mix(queries[t], keys, values, t, offset, mixed);
            }

            Add(residual[t], Multiply(layer.Output, mixed));
        }
    }

    private void Mix(double[] query, double[][] keys, double[][] values, int last, int offset, double[] mixed)
    {
        var scores = new double[last + 1];
        for (int s = 0; s <= last; s++)
        {
            for (int i = offset; i < offset + shape.HeadWidth; i++)
            {
                scores[s] += query[i] * keys[s][i];
            }

            scores[s] /= Math.Sqrt(shape.HeadWidth);
        }

        double largest = scores.Max();
        double sum = scores.Sum(score => Math.Exp(score - largest));
        for (int s = 0; s <= last; s++)
        {
            double weight = Math.Exp(scores[s] - largest) / sum;
            for (int i = offset; i < offset + shape.HeadWidth; i++)
            {
                mixed[i] += weight * values[s][i];
            }
        }
    }

    private void Rotate(double[] token, int position)
    {
        int half = shape.HeadWidth / 2;
        for (int offset = 0; offset < shape.Width; offset += shape.HeadWidth)
        {
            for (int i = 0; i < half; i++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(10_000, -2.0 * i / shape.HeadWidth));
                (double x, double y) = (token[offset + i], token[offset + i + half]);
                token[offset + i] = (x * cosine) - (y * sine);
                token[offset + i + half] = (y * cosine) + (x * sine);
            }
        }
    }

    private void FeedForward(LayerSlots layer, double[] token)
    {
        double[] normal = Normalise(token, layer.FeedForwardNorm);
        double[] gate = Multiply(layer.Gate, normal);
        double[] up = Multiply(layer.Up, normal);
        for (int i = 0; i < gate.Length; i++)
        {
            gate[i] = gate[i] / (1 + Math.Exp(-gate[i])) * up[i];
        }

        Add(token, Multiply(layer.Down, gate));
    }

    private double[] Normalise(double[] token, TensorSlot gain)
    {
        double root = Math.Sqrt((token.Sum(x => x * x) / token.Length) + 1e-5);
        var result = new double[token.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = token[i] / root * _weights[gain.Offset + i];
        }

        return result;
    }

    private double[] Multiply(TensorSlot matrix, double[] token)
    {
        var result = new double[matrix.Rows];
        for (int r = 0; r < matrix.Rows; r++)
        {
            for (int c = 0; c < matrix.Columns; c++)
            {
                result[r] += _weights[matrix.Offset + (r * matrix.Columns) + c] * token[c];
            }
        }

        return result;
    }

    private static void Add(double[] target, double[] added)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += added[i];
        }
    }
}
