using Basilisk.Chain.Parameters;
using Basilisk.Exact.Payloads;
using Basilisk.Simulation.Learning;
using Basilisk.Simulation.World;
using Xunit;

namespace Basilisk.Simulation.Tests.Learning;

/// <summary>Participants learn through the real payloads and settlement; the study compares like with like.</summary>
public sealed class LearningStudyTests
{
    private static readonly SmallNetworkOptions Tiny = new()
    {
        VocabularySize = 320,
        Depth = 1,
        Context = 32,
        TextBytes = 300_000,
        PaidWindows = 48,
        HoldoutWindows = 24,
    };

    private static readonly LearningOptions Short = new() { Rounds = 4, Steps = 64, ComparedWindows = 24 };

    [Fact]
    public void Participants_learn_and_are_compared_at_equal_tokens()
    {
        LearningResult result = Measure(LearningMode.Dense, participants: 2, seeds: 2);
        double untrained = Math.Log(Tiny.VocabularySize);
        Assert.InRange(result.Loss, 1, untrained - 0.5);
        Assert.InRange(result.CentralLoss, 1, untrained - 0.5);
        Assert.InRange(result.BatchLoss, 1, untrained - 0.5);
        Assert.Equal(64 * 4 * Tiny.Context, result.Tokens);
        Assert.Equal(8, result.StepsPerRound);
        Assert.Equal(2, result.Seeds);
        Assert.InRange(result.Settled, 0.5, 1);
        Assert.InRange(result.Accepted, 0.5, 1);
        Assert.InRange(result.Gap, (result.Loss / result.CentralLoss) - 1 - 0.02, (result.Loss / result.CentralLoss) - 1 + 0.02);
        Assert.True(result.StandardError > 0);
    }

    [Fact]
    public void The_same_seeds_give_the_same_result() =>
        Assert.Equal(Measure(LearningMode.Compressed, participants: 1, seeds: 1), Measure(LearningMode.Compressed, participants: 1, seeds: 1));

    [Fact]
    public void A_payload_that_carries_less_learns_less_and_is_smaller()
    {
        LearningResult dense = Measure(LearningMode.Dense, participants: 1, seeds: 1);
        LearningResult compressed = Measure(LearningMode.Compressed, participants: 1, seeds: 1);
        Assert.True(compressed.Loss > dense.Loss, $"{compressed.Loss} and {dense.Loss}");
        Assert.InRange(dense.PayloadRatio, 3, 6);
        Assert.InRange(compressed.PayloadRatio, 130, 170);
    }

    [Fact]
    public void The_main_networks_payloads_are_at_least_146_times_smaller_than_fp32()
    {
        int weights = NetworkPresets.MainShape.ParameterCount;
        PayloadLimits main = LearningMode.Compressed.Payload;
        Assert.True(4.0 * weights / main.MaxBytes(weights) >= 146, $"{4.0 * weights / main.MaxBytes(weights)}");
    }

    [Fact]
    public void Fewer_steps_than_participants_and_rounds_need_are_refused() =>
        Assert.Throws<ArgumentException>(() => new LearningStudy(Short).Measure(Tiny, LearningMode.Dense, 32, 1, null, CancellationToken.None));

    private static LearningResult Measure(LearningMode mode, int participants, int seeds) =>
        new LearningStudy(Short).Measure(Tiny, mode, participants, seeds, null, TestContext.Current.CancellationToken);
}
