using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Fees;

/// <summary>The base fee per gas, EIP-1559's rule with a floor.</summary>
public static class BaseFee
{
    /// <summary>The base fee of the next block, wei per gas.</summary>
    /// <param name="fees">Gas limit and floor.</param>
    /// <param name="baseFee">Base fee of this block, wei per gas.</param>
    /// <param name="gasUsed">Gas that this block's transactions used.</param>
    public static UInt256 Next(FeeParameters fees, UInt256 baseFee, ulong gasUsed)
    {
        ArgumentNullException.ThrowIfNull(fees);
        ulong target = fees.GasLimit / FeeParameters.Elasticity;
        if (gasUsed == target)
        {
            return baseFee;
        }

        if (gasUsed > target)
        {
            UInt256 rise = baseFee * (gasUsed - target) / target / FeeParameters.MaxChangeDenominator;
            return baseFee + UInt256.Max(rise, UInt256.One);
        }

        UInt256 fall = baseFee * (target - gasUsed) / target / FeeParameters.MaxChangeDenominator;
        return UInt256.Max(baseFee - fall, fees.BaseFeeFloor);
    }
}
