namespace Basilisk.Exact.Shapes;

/// <summary>
/// The format of a checkpoint's weights: int32 fixed point with 24 fraction bits (Q8.24), so |w| &lt; 128
/// and one unit is 2⁻²⁴ ≈ 6e-8. One scale for the whole model keeps deltas, sums and inner products exact.
/// </summary>
public static class MasterWeights
{
    /// <summary>Fraction bits.</summary>
    public const int FractionBits = 24;

    /// <summary>The integer that stands for 1.</summary>
    public const int One = 1 << FractionBits;
}
