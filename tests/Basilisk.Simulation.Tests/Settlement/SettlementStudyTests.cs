using Basilisk.Simulation.Settlement;
using Xunit;

namespace Basilisk.Simulation.Tests.Settlement;

/// <summary>The whole study in small: real training, real settlement, two seeds, one late round attacked. docs/adversaries.md has the full one.</summary>
public sealed class SettlementStudyTests(SettlementStudyTests.Small small) : IClassFixture<SettlementStudyTests.Small>
{
    private const double OnePercent = 0.01;

    private static readonly SettlementPlan Plan = new()
    {
        Rounds = 11,
        EmptyRounds = 11,
        FirstAttack = 9,
        StepsPerUnit = 8,
        EmptyEvery = 5,
        Network = new SettlementPlan().Network with { Context = 32, TextBytes = 400_000, HoldoutWindows = 24 },
    };

    /// <summary>
    /// What earns more here than in the full study, because few tokens are judged: near-copies (honest gains, and with them likeness, are noisy), and what a
    /// payload picks out of a public blend, in one round of four, where honest work is refused too.
    /// </summary>
    private static readonly Dictionary<string, double> Admitted = new(StringComparer.Ordinal)
    {
        ["near-duplicates-8"] = 1.5,
        ["after-3-empty-blend-of-the-oldest"] = 0.05,
    };

    [Fact]
    public void Every_attack_is_measured_and_every_round_settles()
    {
        Assert.Equal(new SettlementStudy(Plan).Attacks, small.Results.Select(result => result.Attack));
        Assert.All(small.Results, result => Assert.Equal(2, result.Seeds));
        Assert.InRange(small.Of("honest-seventh"), 0.6, 1.5);
    }

    [Fact]
    public void Whatever_needs_no_work_earns_less_than_a_hundredth()
    {
        AttackResult[] workless = [.. small.Results.Where(result => SettlementStudy.KindOf(result.Attack) == AttackKind.Workless)];
        Assert.True(workless.Length >= 30, $"only {workless.Length} such attacks");
        Assert.Empty(workless.Where(result => Math.Max(result.CreditRatio, result.CoinRatio) >= Admitted.GetValueOrDefault(result.Attack, OnePercent)).Select(result => $"{result.Attack}: {result.CreditRatio:0.000}"));
    }

    [Fact]
    public void One_participants_work_in_any_clothes_earns_no_more_than_one_share_or_what_is_admitted()
    {
        double honest = Math.Max(1, small.Of("honest-seventh"));
        AttackResult[] disguised = [.. small.Results.Where(result => SettlementStudy.KindOf(result.Attack) == AttackKind.OneWork)];
        Assert.True(disguised.Length >= 8, $"only {disguised.Length} such attacks");
        double Most(AttackResult result) => 1.25 * Admitted.GetValueOrDefault(result.Attack, honest);
        Assert.Empty(disguised.Where(result => result.CreditRatio > Most(result)).Select(result => $"{result.Attack}: {result.CreditRatio:0.000} ±{result.StandardError:0.000} against {honest:0.000}"));
    }

    [Fact]
    public void Less_work_earns_less()
    {
        Assert.True(small.Of("lazy-eighth") < small.Of("lazy-half"));
        Assert.True(small.Of("lazy-half") < small.Of("honest-seventh"));
    }

    [Fact]
    public void Results_follow_from_the_seeds_on_any_number_of_threads()
    {
        string[] attacks = ["two-halves", "noise"];
        SettlementPlan few = Plan with { Rounds = 3, FirstAttack = 1, AttackEvery = 1 };
        IReadOnlyList<AttackResult> one = new SettlementStudy(few).Run(attacks, 2, null, TestContext.Current.CancellationToken);
        IReadOnlyList<AttackResult> two = new SettlementStudy(few with { Threads = 2 }).Run(attacks, 2, null, TestContext.Current.CancellationToken);
        Assert.Equal(one, two);
        Assert.True(one[0].CreditRatio > 0);
    }

    /// <summary>One run for all tests.</summary>
    public sealed class Small
    {
        internal IReadOnlyList<AttackResult> Results { get; } =
            new SettlementStudy(Plan).Run(new SettlementStudy(Plan).Attacks.ToArray(), 2, null, CancellationToken.None);

        internal double Of(string attack) => Results.Single(result => result.Attack == attack).CreditRatio;
    }
}
