using Basilisk.Chain.Fees;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Xunit;

namespace Basilisk.Chain.Tests.Fees;

public sealed class BaseFeeTests
{
    private static readonly FeeParameters Fees = new(GasLimit: 20_000_000, BaseFeeFloor: Bsk.Gwei);

    /// <summary>The cases of go-ethereum's TestCalcBaseFee (consensus/misc/eip1559), which has the same limit and elasticity.</summary>
    [Theory]
    [InlineData(1_000_000_000, 10_000_000, 1_000_000_000)] // at the target
    [InlineData(1_000_000_000, 11_000_000, 1_012_500_000)] // above
    public void Published_cases_give_their_fees(ulong baseFee, ulong gasUsed, ulong next) =>
        Assert.Equal((UInt256)next, BaseFee.Next(Fees, baseFee, gasUsed));

    /// <summary>go-ethereum's case below the target, 987,500,000, lies under Basilisk's floor; ten times as much does not.</summary>
    [Fact]
    public void Below_the_target_the_fee_falls() =>
        Assert.Equal((UInt256)9_875_000_000UL, BaseFee.Next(Fees, 10_000_000_000UL, 9_000_000));

    [Theory]
    [InlineData(0)]
    [InlineData(9_000_000)]
    public void The_fee_never_falls_below_the_floor(ulong gasUsed) =>
        Assert.Equal((UInt256)Bsk.Gwei, BaseFee.Next(Fees, Bsk.Gwei, gasUsed));

    [Fact]
    public void A_full_block_raises_the_fee_by_an_eighth_and_always_by_a_wei()
    {
        Assert.Equal((UInt256)9_000_000_000UL, BaseFee.Next(Fees, 8_000_000_000UL, 20_000_000));
        Assert.Equal((UInt256)(Bsk.Gwei + 12), BaseFee.Next(Fees, Bsk.Gwei, 10_000_001)); // 12.5 rounded down
        Assert.Equal((UInt256)2, BaseFee.Next(Fees with { BaseFeeFloor = UInt256.One }, UInt256.One, 10_000_001));
    }
}
