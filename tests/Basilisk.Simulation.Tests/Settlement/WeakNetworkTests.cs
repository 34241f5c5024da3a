using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Simulation.Settlement;
using Basilisk.Simulation.World;
using Xunit;

namespace Basilisk.Simulation.Tests.Settlement;

/// <summary>One participant whose single contributions soon gain less than the judged tokens can tell: most rounds pay nobody.</summary>
public sealed class WeakNetworkTests
{
    [Fact]
    public void A_network_too_weak_to_be_paid_each_round_learns_on()
    {
        var network = SmallNetwork.Create(
            new SmallNetworkOptions { VocabularySize = 320, Depth = 1, Context = 32, TextBytes = 300_000, PaidWindows = 24, HoldoutWindows = 24, Payload = new PayloadLimits(1024, 4) },
            CancellationToken.None);
        var plan = new SettlementPlan { Honest = 1, StepsPerUnit = 12, Rounds = 32, PeakLearningRate = 4e-4 };
        var run = new HonestTrajectory(network, plan, seed: 1);
        run.Run([], null, null, new RememberingEvaluator(new IntegerLossEvaluator(1)), CancellationToken.None);

        HonestRound[] rounds = [.. run.Rounds];
        HonestRound[] unpaid = [.. rounds.Where(round => round.Result is { Settled: true, Pays: false })];
        Assert.True(unpaid.Length >= 4, $"only {unpaid.Length} rounds moved unpaid");
        Assert.All(unpaid, round => Assert.All(round.Result.Candidates, candidate => Assert.Equal(0, candidate.Credit)));
        Assert.DoesNotContain(rounds.Zip(rounds.Skip(1), rounds.Skip(2)), three => !three.First.Result.Settled && !three.Second.Result.Settled && !three.Third.Result.Settled);
    }
}
