using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Model.Tests.Transformer;

/// <summary>Small models and batches with known seeds.</summary>
internal static class SmallModels
{
    public static float[] Weights(ModelShape shape, int seed, double spread = 0.3)
    {
        var random = new Random(seed);
        var layout = new ParameterLayout(shape);
        var weights = new float[layout.Count];
        foreach (TensorSlot slot in layout.Tensors)
        {
            for (int i = slot.Offset; i < slot.End; i++)
            {
                double noise = (random.NextDouble() * 2) - 1;
                weights[i] = (float)(slot.IsGain ? 1 + (0.3 * noise) : spread * noise);
            }
        }

        return weights;
    }

    public static TokenBatch Batch(ModelShape shape, int sequences, int length, int seed)
    {
        var random = new Random(seed);
        var tokens = new ushort[sequences * (length + 1)];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (ushort)random.Next(shape.Vocabulary);
        }

        return new TokenBatch(sequences, length, tokens);
    }

    public static double[] ToDouble(float[] weights) => Array.ConvertAll(weights, w => (double)w);
}
