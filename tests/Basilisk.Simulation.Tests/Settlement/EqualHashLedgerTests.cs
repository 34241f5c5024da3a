using Basilisk.Chain.Parameters;
using Basilisk.Simulation.Settlement;
using Xunit;

namespace Basilisk.Simulation.Tests.Settlement;

public sealed class EqualHashLedgerTests
{
    /// <summary>R = 6, E = 3, kappa 1.</summary>
    private static readonly NetworkParameters Rules = NetworkPresets.Test(new ModelParameters(NetworkPresets.TestShape, default, default, default, default), 1);

    [Fact]
    public void Credit_is_worth_no_more_coins_than_blocks()
    {
        var ledger = new EqualHashLedger(Rules, [1, 1]);
        ledger.Round([90, 10]);
        Assert.Equal((3, 0), (ledger.Released(0), ledger.Released(1)));
    }

    [Fact]
    public void Fractions_of_a_pass_add_up_over_rounds()
    {
        var ledger = new EqualHashLedger(Rules, [1, 1]);
        ledger.Round([90, 10]);
        ledger.Round([90, 10]);
        Assert.Equal((6, 1), (ledger.Released(0), ledger.Released(1)));
    }

    [Fact]
    public void A_party_has_one_share_of_blocks_whatever_its_names()
    {
        var ledger = new EqualHashLedger(Rules, [1, 3]);
        ledger.Round([0, 40, 40, 40]);
        Assert.Equal((0, 3), (ledger.Released(0), ledger.Released(1)));
    }

    [Fact]
    public void Nothing_is_released_in_a_round_that_settled_empty_and_rewards_expire()
    {
        var ledger = new EqualHashLedger(Rules, [1, 1]);
        for (int round = 0; round < 5; round++)
        {
            ledger.Round(null);
        }

        Assert.Equal((0, 0), (ledger.Released(0), ledger.Released(1)));
        ledger.Round([1, 0]); // six passes, of nine pending the first six expired
        Assert.Equal(6, ledger.Released(0));
    }
}
