using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Inference;

namespace Basilisk.Model.Benchmarks;

/// <summary>Models and batches with made-up weights: speed does not depend on what they have learned.</summary>
internal static class BenchmarkModels
{
    /// <summary>4.95 M weights: the size PyTorch's script has with V = 512.</summary>
    public static ModelShape FiveMillion { get; } = new(512, 256, 6, 8, 704, 256, TiedHead: true);

    /// <summary>The dev network's size, 0.98 M weights.</summary>
    public static ModelShape Dev { get; } = ModelShape.FromDepth(4, 1024, 128);

    public static float[] Weights(ModelShape shape)
    {
        var random = new SplitMix64(1);
        var layout = new ParameterLayout(shape);
        var weights = new float[layout.Count];
        foreach (TensorSlot slot in layout.Tensors)
        {
            for (int i = slot.Offset; i < slot.End; i++)
            {
                weights[i] = slot.IsGain ? 1f : (float)((random.NextDouble() - 0.5) * 0.1);
            }
        }

        return weights;
    }

    public static TokenBatch Batch(ModelShape shape, int sequences, int length, ulong seed)
    {
        var random = new SplitMix64(seed);
        var tokens = new ushort[sequences * (length + 1)];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (ushort)(random.Next() % (ulong)shape.Vocabulary);
        }

        return new TokenBatch(sequences, length, tokens);
    }
}
