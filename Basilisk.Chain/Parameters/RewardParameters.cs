using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Parameters;

/// <summary>What a block's reward is and what releases it.</summary>
/// <param name="Reward">Wei of one block: 25 BSK.</param>
/// <param name="KappaNumerator">kappa = numerator / denominator: a settled round issues R / kappa passes.</param>
/// <param name="KappaDenominator">At least 1.</param>
public sealed record RewardParameters(UInt256 Reward, uint KappaNumerator, uint KappaDenominator);
