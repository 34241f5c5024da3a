using Basilisk.Simulation.Chains;
using Xunit;

namespace Basilisk.Simulation.Tests.Chains;

/// <summary>The network that the studies stand on.</summary>
public sealed class VirtualNetworkTests
{
    [Fact]
    public void Equal_seeds_give_equal_chains_and_others_do_not()
    {
        ChainRun first = SmallChain.AmongEquals(seed: 1, rounds: 4, honest => honest);
        ChainRun again = SmallChain.AmongEquals(seed: 1, rounds: 4, honest => honest);
        Assert.Equal(first.Tip, again.Tip);
        Assert.Equal(first.Pays, again.Pays);
        Assert.Equal(first.Seconds, again.Seconds);
        Assert.NotEqual(first.Tip, SmallChain.AmongEquals(seed: 2, rounds: 4, honest => honest).Tip);
    }

    [Fact]
    public void Honest_nodes_stay_on_one_chain_on_time_and_are_all_paid()
    {
        ChainRun run = SmallChain.AmongEquals(seed: 1, rounds: 10, honest => honest);
        Assert.True(run.SameTip);
        Assert.Equal(99, run.Blocks); // genesis is height 0
        Assert.InRange(run.RoundsSettled, 6, 10);
        Assert.All(run.Pays, pay => Assert.True(pay.Coins > 0 && pay.Credit > 0));
        Assert.InRange(run.Seconds / run.Blocks, 4, 6);
    }

    [Fact]
    public void A_node_whose_clock_is_slow_takes_blocks_when_its_clock_allows_and_no_earlier()
    {
        const int Slow = 60;
        using var network = new VirtualNetwork(
            SmallChain.World, SmallChain.Settings, seed: 1, [SmallChain.Machine(1), SmallChain.Machine(0, units: 0) with { Clock = -Slow }], CancellationToken.None);
        network.Run(rounds: 6);
        VirtualNode slow = network.Nodes[1];
        ulong behind = network.Nodes[0].View.State.Height - slow.View.State.Height;
        Assert.InRange(behind, 4UL, 20UL); // 60 s less the limit of 15 s, at 5 s a block
        Assert.True(slow.View.State.Head.Header.Time <= slow.Clock + SmallChain.Settings.FutureLimit);
    }

    [Fact]
    public void Rolling_finality_keeps_out_a_hidden_chain_deeper_than_its_limit()
    {
        Conduct[] participants = [SmallChain.Machine(0.2), SmallChain.Machine(0.2), SmallChain.Machine(0.6) with { Publishing = Publishing.Rewriting }];
        ChainRun guarded = SmallChain.Run(seed: 3, rounds: 9, SmallChain.Settings, participants);
        ChainRun open = SmallChain.Run(seed: 3, rounds: 9, SmallChain.Settings with { FinalityRounds = 1 << 20 }, participants);
        Assert.True(guarded.SwitchesRefused > 0);
        Assert.Equal(0, guarded.Pays[2].Blocks);
        Assert.Equal(0, open.SwitchesRefused);
        Assert.True(open.Pays[2].Blocks > open.Blocks / 2, $"the attacker has {open.Pays[2].Blocks} of {open.Blocks} blocks");
    }
}
