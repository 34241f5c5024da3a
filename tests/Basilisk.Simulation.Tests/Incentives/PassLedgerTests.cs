using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Simulation.Incentives;
using Xunit;

namespace Basilisk.Simulation.Tests.Incentives;

/// <summary>The game's ledger keeps the chain's pass rule.</summary>
public sealed class PassLedgerTests
{
    private static readonly RoundSchedule Schedule = new(Train: 16, Reveal: 4, Judge: 4, UnitLifetime: 8);

    [Fact]
    public void All_credit_at_kappa_one_releases_a_round_of_blocks() => Assert.Equal(24, Ledger(1, 1).EndRound(blocks: 24, credit: 7, gain: 7));

    [Fact]
    public void Kappa_one_and_a_half_releases_two_thirds_of_them() => Assert.Equal(16, Ledger(3, 2).EndRound(blocks: 24, credit: 7, gain: 7));

    [Fact]
    public void A_small_share_of_credit_carries_over_until_it_is_a_whole_pass()
    {
        PassLedger ledger = Ledger(1, 1);
        Assert.Equal([0, 0, 1], [.. Enumerable.Range(0, 3).Select(_ => ledger.EndRound(blocks: 2, credit: 1, gain: 60))]); // .4 passes a round
    }

    [Fact]
    public void Passes_beyond_the_pending_rewards_are_lost()
    {
        PassLedger ledger = Ledger(1, 1);
        Assert.Equal(2, ledger.EndRound(blocks: 2, credit: 1, gain: 1));
        Assert.Equal(0, ledger.EndRound(blocks: 5, credit: 0, gain: 1));
    }

    [Fact]
    public void Rewards_expire_after_their_rounds()
    {
        PassLedger ledger = Ledger(1, 1);
        ledger.EndRound(blocks: 3, credit: 0, gain: 0);
        for (int round = 1; round < 8; round++)
        {
            ledger.EndRound(blocks: 0, credit: 0, gain: 0);
        }

        Assert.Equal(0, ledger.EndRound(blocks: 0, credit: 1, gain: 1));
    }

    private static PassLedger Ledger(uint numerator, uint denominator) => new(Schedule, new RewardParameters(Bsk.Coin, numerator, denominator));
}
