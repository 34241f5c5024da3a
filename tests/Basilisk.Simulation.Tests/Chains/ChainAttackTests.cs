using Basilisk.Simulation.Chains;
using Xunit;

namespace Basilisk.Simulation.Tests.Chains;

/// <summary>What attacks on blocks and times earn, in the study's fast form.</summary>
public sealed class ChainAttackTests
{
    private const int Rounds = 8;

    [Fact]
    public void Who_only_mines_earns_nothing()
    {
        ChainRun run = SmallChain.AmongEquals(seed: 1, Rounds, honest => honest with { Training = TrainingHabit.None });
        Pay miner = run.Pays[^1];
        Assert.True(miner.Blocks > 0);
        Assert.Equal(0UL, miner.Coins);
        Assert.Equal(0, miner.Credit);
        Assert.All(run.Pays.SkipLast(1), pay => Assert.True(pay.Coins > 0));
    }

    [Fact]
    public void The_study_names_its_attacks_and_gives_the_same_on_any_number_of_threads()
    {
        string[] attacks = ["hash-only", "place-taker"];
        IReadOnlyList<AttackResult> results = new ChainAttackStudy(threads: 2, rounds: 2).Run(attacks, seeds: 2, null, CancellationToken.None);
        Assert.Equal(attacks, results.Select(result => result.Attack));
        Assert.All(results, result => Assert.Equal(2, result.Seeds));
        Assert.Equal(0, results[0].CoinRatio);
        Assert.Equal(results, new ChainAttackStudy(threads: 1, rounds: 2).Run(attacks, seeds: 2, null, CancellationToken.None));
    }

    [Fact]
    public void Who_reveals_nothing_earns_nothing()
    {
        ChainRun run = SmallChain.AmongEquals(seed: 1, Rounds, honest => honest with { Training = honest.Training with { Reveals = false } });
        Assert.Equal(0UL, run.Pays[^1].Coins);
        Assert.Equal(0, run.Pays[^1].Credit);
        Assert.True(SmallChain.AmongEquals(seed: 1, Rounds, honest => honest).Pays[^1].Coins > 0, "the same machine is paid where it reveals");
    }

    [Theory]
    [InlineData(TimeClaim.Ahead)]
    [InlineData(TimeClaim.Behind)]
    public void Who_lies_about_the_time_gains_less_than_the_error_of_measuring_it(TimeClaim claim)
    {
        Estimate coins = Estimate.Of([.. Enumerable.Range(1, 4).Select(seed => SmallChain.AmongEquals(seed, Rounds, honest => honest with { Time = claim }).AttackersRatio(pay => pay.Coins))]);
        Assert.True(coins.Error is > 0 and < 0.5, $"the error is {coins.Error}");
        Assert.True(coins.Mean - 1 < 2 * coins.Error, $"{coins.Mean} ± {coins.Error} of an honest share");
    }

    [Fact]
    public void Who_saves_his_units_and_pours_them_into_one_round_earns_less_than_who_trains()
    {
        ChainRun run = SmallChain.AmongEquals(seed: 2, rounds: 12, honest => honest with { Training = honest.Training with { Hoards = true } });
        Assert.True(run.Pays[^1].Coins > 0, "he got some places");
        Assert.True(run.AttackersRatio(pay => pay.Coins) < 0.8, $"{run.AttackersRatio(pay => pay.Coins)} of an honest share");
        Assert.True(run.Minted(run.Pays.SkipLast(1)) > 0.7, $"honest participants minted {run.Minted(run.Pays.SkipLast(1))} of their blocks");
    }

    [Fact]
    public void A_selfish_miner_of_two_fifths_wins_races_by_a_fast_link_and_has_more_than_his_blocks()
    {
        Conduct honest = SmallChain.Machine(0.15);
        Conduct selfish = SmallChain.Machine(0.4) with { Publishing = Publishing.Selfish, LinkDelay = 0.05 };
        ChainRun run = SmallChain.Run(seed: 1, rounds: 16, SmallChain.Settings, honest, honest, honest, honest, selfish);
        Assert.True(run.Gamma > 0.25, $"gamma is {run.Gamma}");
        Assert.True(run.AttackersRatio(pay => pay.Blocks) > 1.2, $"{run.Pays[^1].Blocks} of {run.Blocks} blocks");
    }

    [Fact]
    public void A_selfish_miner_of_a_fifth_with_a_common_link_has_fewer_than_his_blocks()
    {
        Conduct honest = SmallChain.Machine(0.2);
        ChainRun run = SmallChain.Run(seed: 1, rounds: 16, SmallChain.Settings, honest, honest, honest, honest, honest with { Publishing = Publishing.Selfish });
        Assert.True(run.AttackersRatio(pay => pay.Blocks) < 1, $"{run.Pays[^1].Blocks} of {run.Blocks} blocks");
    }
}
