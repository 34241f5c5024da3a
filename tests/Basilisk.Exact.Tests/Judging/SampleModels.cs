using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Tests.Judging;

/// <summary>Deterministic weights and tokens (splitmix64, Steele et al. 2014).</summary>
internal sealed class SampleModels(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Matrices uniform in ±spread/√columns (the embedding in ±spread), gains in 0.75 … 1.25.</summary>
    public int[] Weights(ModelShape shape, double spread = 2.0)
    {
        var layout = new ParameterLayout(shape);
        var weights = new int[layout.Count];
        foreach (TensorSlot slot in layout.Tensors)
        {
            double scale = slot.IsGain ? 0.25 : slot.Offset == 0 && !shape.TiedHead ? spread : spread / Math.Sqrt(slot.Columns);
            double centre = slot.IsGain ? 1.0 : 0.0;
            for (int i = 0; i < slot.Length; i++)
            {
                double uniform = (Next() >> 11) * (1.0 / (1UL << 53)) * 2.0 - 1.0;
                weights[slot.Offset + i] = (int)Math.Round((centre + (scale * uniform)) * MasterWeights.One);
            }
        }

        return weights;
    }

    public TokenBatch Batch(ModelShape shape, int sequences, int length)
    {
        var tokens = new ushort[sequences * (length + 1)];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (ushort)Below(shape.Vocabulary);
        }

        return new TokenBatch(sequences, length, tokens);
    }
}
