using Basilisk.Simulation.Incentives;
using Xunit;

namespace Basilisk.Simulation.Tests.Incentives;

/// <summary>The curve that kappa = 1 stands on, in its fast form.</summary>
public sealed class SplitStudyTests
{
    private const int Rounds = 60;
    private const int Games = 2;

    /// <summary>Concave as real training's: half the steps earn four fifths.</summary>
    private static readonly StepsCurve Concave = StepsCurve.Through([(0.25, 0.6), (1, 1), (4, 1.3)]);

    [Theory]
    [InlineData(1u, 2u)]
    [InlineData(3u, 4u)]
    public void Below_one_best_responses_end_in_a_race_to_hash(uint numerator, uint denominator)
    {
        Assert.True(TrainingShare(new Kappa(numerator, denominator), StepsCurve.Linear) < 0.2);
        Assert.True(TrainingShare(new Kappa(numerator, denominator), Concave) < 0.1);
    }

    [Fact]
    public void At_one_training_is_not_given_up()
    {
        Assert.True(TrainingShare(new Kappa(1, 1), StepsCurve.Linear) > 0.45);
        Assert.True(TrainingShare(new Kappa(1, 1), Concave) > 0.2);
    }

    [Fact]
    public void Above_one_more_is_trained_only_where_steps_pay_in_proportion_and_less_is_minted()
    {
        Assert.True(TrainingShare(new Kappa(3, 2), StepsCurve.Linear) > 0.8);
        Assert.Equal(TrainingShare(new Kappa(1, 1), Concave), TrainingShare(new Kappa(3, 2), Concave), 0.05);
        Assert.True(Last(new Kappa(3, 2), Concave).MintedShare < 0.75);
        Assert.True(Last(new Kappa(1, 1), Concave).MintedShare > 0.85);
    }

    [Fact]
    public void Equal_games_give_equal_bits() =>
        Assert.Equal(SplitStudy.Measure(new Kappa(1, 1), Concave, Rounds, 1, CancellationToken.None), SplitStudy.Measure(new Kappa(1, 1), Concave, Rounds, 1, CancellationToken.None));

    [Fact]
    public void A_curve_goes_through_its_points_and_nobody_trains_on_past_the_best()
    {
        StepsCurve curve = StepsCurve.Through([(0.5, 0.5), (1, 1), (2, 0.8)]);
        Assert.Equal([0, 0.25, 0.5, 1, 1, 1], [.. new[] { 0, 0.25, 0.5, 1, 2, 8 }.Select(steps => Math.Round(curve.Credit(steps), 9))]);
    }

    [Theory]
    [InlineData(1.0 / 3, 0, 1.0 / 3)] // Eyal and Sirer's threshold without races won
    [InlineData(0.25, 0.5, 0.25)] // and with half of them
    public void The_formula_of_selfish_mining_has_its_known_thresholds(double alpha, double gamma, double share) =>
        Assert.Equal(share, SelfishStudy.ExpectedBlockShare(alpha, gamma), 1e-9);

    private static double TrainingShare(Kappa kappa, StepsCurve curve) => Last(kappa, curve).TrainingShare;

    private static SplitPoint Last(Kappa kappa, StepsCurve curve) =>
        SplitStudy.Measure(kappa, curve, Rounds, Games, CancellationToken.None).Last(point => point.MinerShare == 1);
}
