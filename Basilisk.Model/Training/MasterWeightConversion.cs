using Basilisk.Exact.Shapes;

namespace Basilisk.Model.Training;

/// <summary>Between checkpoints' integers (Q8.24) and the floats that training and inference use.</summary>
public static class MasterWeightConversion
{
    /// <summary>w = master / 2²⁴. A float has 24 significant bits, so weights of 1 and more lose their last bits.</summary>
    public static void ToFloat(ReadOnlySpan<int> master, Span<float> weights)
    {
        CheckLengths(master.Length, weights.Length);
        for (int i = 0; i < master.Length; i++)
        {
            weights[i] = master[i] * (1f / MasterWeights.One);
        }
    }

    public static float[] ToFloat(ReadOnlySpan<int> master)
    {
        var weights = new float[master.Length];
        ToFloat(master, weights);
        return weights;
    }

    /// <summary>master = w · 2²⁴, rounded to nearest even, held at the format's ends; NaN becomes 0.</summary>
    public static void ToMaster(ReadOnlySpan<float> weights, Span<int> master)
    {
        CheckLengths(master.Length, weights.Length);
        for (int i = 0; i < weights.Length; i++)
        {
            // C#'s conversion saturates and turns NaN into 0 (.NET 9 and later, on every processor).
            master[i] = (int)Math.Round((double)weights[i] * MasterWeights.One);
        }
    }

    public static int[] ToMaster(ReadOnlySpan<float> weights)
    {
        var master = new int[weights.Length];
        ToMaster(weights, master);
        return master;
    }

    private static void CheckLengths(int master, int weights)
    {
        if (master != weights)
        {
            throw new ArgumentException($"{master} master weights and {weights} float weights: the numbers must be equal.");
        }
    }
}
