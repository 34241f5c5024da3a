using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Parameters;

/// <summary>Gas and base fee (EIP-1559).</summary>
/// <param name="GasLimit">Most gas a block may use; half of it is the target.</param>
/// <param name="BaseFeeFloor">Wei per gas below which the base fee never falls; also its value after genesis.</param>
public sealed record FeeParameters(ulong GasLimit, UInt256 BaseFeeFloor)
{
    /// <summary>EIP-1559's ELASTICITY_MULTIPLIER: limit over target.</summary>
    public const ulong Elasticity = 2;

    /// <summary>EIP-1559's BASE_FEE_MAX_CHANGE_DENOMINATOR: a full block raises the base fee by an eighth.</summary>
    public const ulong MaxChangeDenominator = 8;
}
