using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;

namespace Basilisk.Simulation.Incentives;

/// <summary>kappa as the parameters hold it: a fraction of whole numbers.</summary>
public readonly record struct Kappa(uint Numerator, uint Denominator)
{
    /// <summary>Those that the study compares.</summary>
    public static IReadOnlyList<Kappa> Compared { get; } = [new(1, 2), new(3, 4), new(1, 1), new(11, 10), new(5, 4), new(3, 2)];

    public double Value => (double)Numerator / Denominator;

    internal RewardParameters Rewards => new(Bsk.Coin, Numerator, Denominator);
}
