using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Checkpoints;

/// <summary>
/// The genesis weights, in integers. Gains are one. Every other weight is nearly normal — the sum of four 16-bit uniform
/// draws, centred — with standard deviation 0.02 for the embedding and head, 1/√inputs for matrices, and 1/√(inputs · 2L)
/// for the two that write to the residual stream (o_proj, down_proj). Training then starts at a loss near ln V.
/// </summary>
public static class CheckpointInitialiser
{
    /// <summary>Label of the stream the weights are drawn from.</summary>
    public const string StreamLabel = "basilisk/initial-weights";

    /// <summary>⌊2²⁴ · 0.02⌋.</summary>
    private const int EmbeddingDeviation = 335_544;

    /// <summary>Standard deviation of the sum of four uniform 16-bit draws, ⌊√(4 · (2³² − 1) / 12)⌋.</summary>
    private const int DrawDeviation = 37_837;

    /// <summary>Twice the mean of the sum of four uniform 16-bit draws is 4 · 65,535.</summary>
    private const int DrawMean = 2 * ushort.MaxValue;

    /// <summary>The checkpoint of a shape and a seed.</summary>
    public static Checkpoint Create(ModelShape shape, Hash256 seed)
    {
        var layout = new ParameterLayout(shape);
        var stream = new SeedStream(seed, StreamLabel);
        var weights = new int[layout.Count];
        foreach (TensorSlot slot in layout.Tensors)
        {
            Span<int> tensor = weights.AsSpan(slot.Offset, slot.Length);
            if (slot.IsGain)
            {
                tensor.Fill(MasterWeights.One);
            }
            else
            {
                Fill(tensor, Deviation(layout, slot), stream);
            }
        }

        return new Checkpoint(shape, weights);
    }

    private static void Fill(Span<int> tensor, long deviation, SeedStream stream)
    {
        for (int i = 0; i < tensor.Length; i++)
        {
            ulong draw = stream.NextUInt64();
            int sum = (int)(draw & 0xFFFF) + (int)((draw >> 16) & 0xFFFF) + (int)((draw >> 32) & 0xFFFF) + (int)(draw >> 48);
            tensor[i] = (int)Rounding.Nearest((sum - DrawMean) * deviation, DrawDeviation);
        }
    }

    private static long Deviation(ParameterLayout layout, TensorSlot slot)
    {
        if (slot == layout.Embedding || slot == layout.Head)
        {
            return EmbeddingDeviation;
        }

        bool writesResidual = layout.Layers.Any(layer => slot == layer.Output || slot == layer.Down);
        long variance = (1L << (2 * MasterWeights.FractionBits)) / (slot.Columns * (writesResidual ? 2L * layout.Layers.Count : 1L));
        return (long)Rounding.SquareRoot((UInt128)variance);
    }
}
