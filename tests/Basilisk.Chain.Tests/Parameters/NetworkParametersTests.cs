using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Chain.Tests.Parameters;

public sealed class NetworkParametersTests
{
    private static readonly NetworkParameters Dev = NetworkPresets.Dev(TestNetwork.Model(NetworkPresets.DevShape), TestNetwork.GenesisTime);

    [Fact]
    public void Presets_are_sound()
    {
        Assert.Empty(ParameterRules.Check(Dev));
        Assert.Empty(ParameterRules.Check(TestNetwork.Parameters));
        Assert.Empty(ParameterRules.Check(NetworkPresets.Main(TestNetwork.Model(NetworkPresets.MainShape), TestNetwork.GenesisTime)));
    }

    [Fact]
    public void The_dev_network_is_the_one_agreed_on()
    {
        Assert.Equal(13371UL, Dev.ChainId);
        Assert.Equal(new RoundSchedule(16, 4, 4, 8), Dev.Rounds);
        Assert.Equal(24U, Dev.Rounds.Length);
        Assert.Equal(2U, Dev.FinalityRounds);
        Assert.Equal((UInt256)25 * Bsk.Coin, Dev.Rewards.Reward);
        Assert.Equal((1U, 1U), (Dev.Rewards.KappaNumerator, Dev.Rewards.KappaDenominator));
        Assert.Equal(16_384, Dev.Judging.PaidWindows * Dev.Model.Shape.Context);
        Assert.InRange((ulong)Work.Of(Dev.Difficulty.InitialTarget), 749_000UL, 751_000UL);
    }

    public static TheoryData<string> EveryChange => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(EveryChange))]
    public void Every_parameter_changes_the_hash(string change) =>
        Assert.NotEqual(Dev.Hash, Changes[change](Dev).Hash);

    [Fact]
    public void Equal_parameters_have_equal_hashes()
    {
        NetworkParameters again = NetworkPresets.Dev(TestNetwork.Model(NetworkPresets.DevShape), TestNetwork.GenesisTime);
        Assert.Equal(Dev.Hash, again.Hash);
        Assert.Equal(Dev, again);
        Assert.Equal(Dev.Hash, (Dev with { }).Hash);
    }

    [Fact]
    public void A_problem_names_key_value_and_bound()
    {
        ParameterProblem problem = Assert.Single(ParameterRules.Check(Dev with { Rounds = Dev.Rounds with { UnitLifetime = 1 } }));
        Assert.Equal("Rounds.UnitLifetime", problem.Key);
        Assert.Equal("1", problem.Value);
        Assert.Contains("2 to 1024", problem.Bound, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name", "Name")]
    [InlineData("ChainId", "ChainId")]
    [InlineData("ProofOfWork", "ProofOfWork")]
    [InlineData("Target", "Difficulty.InitialTarget")]
    [InlineData("Contributions", "Caps.ContributionsPerRound")]
    [InlineData("Payload", "Caps.PayloadBytes")]
    [InlineData("Block", "Caps.BlockBytes")]
    [InlineData("Floor", "Fees.BaseFeeFloor")]
    [InlineData("Windows", "Judging.PaidWindows")]
    [InlineData("Shape", "Model.Shape")]
    [InlineData("Divisor", "Judging.Settlement.ProbeDivisor")]
    [InlineData("Cosine floor", "Judging.Settlement.PublicCosineFloor")]
    public void Each_bound_is_checked(string what, string key)
    {
        NetworkParameters broken = what switch
        {
            "Name" => Dev with { Name = "Dev Net" },
            "ChainId" => Dev with { ChainId = 0 },
            "ProofOfWork" => Dev with { ProofOfWork = "sha-256" },
            "Target" => Dev with { Difficulty = Dev.Difficulty with { InitialTarget = new CompactTarget(0x207F_FFFF) } },
            "Contributions" => Dev with { Caps = Dev.Caps with { ContributionsPerRound = 25 } },
            "Payload" => Dev with { Caps = Dev.Caps with { PayloadBytes = 1000 } },
            "Block" => Dev with { Caps = Dev.Caps with { BlockBytes = 1 << 19 } },
            "Floor" => Dev with { Fees = Dev.Fees with { BaseFeeFloor = UInt256.Zero } },
            "Windows" => Dev with { Judging = Dev.Judging with { PaidWindows = 1 } },
            "Shape" => Dev with { Model = Dev.Model with { Shape = Dev.Model.Shape with { Heads = 7 } } },
            "Divisor" => Dev with { Judging = Dev.Judging with { Settlement = new SettlementParameters { ProbeDivisor = SettlementParameters.MaxProbeDivisor + 1 } } },
            "Cosine floor" => Dev with { Judging = Dev.Judging with { Settlement = new SettlementParameters { PublicCosineFloor = -1 } } },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Contains(ParameterRules.Check(broken), problem => problem.Key == key);
    }

    [Fact]
    public void Rules_do_not_run_on_unsound_parameters()
    {
        NetworkParameters broken = Dev with { Name = string.Empty, ChainId = 0 };
        UnsoundParametersException error = Assert.Throws<UnsoundParametersException>(() => new ChainRules(broken, KeccakProofOfWork.Instance));
        Assert.Equal(["Name", "ChainId"], error.Problems.Select(problem => problem.Key));
        Assert.Contains("ChainId is 0; it must be 1 to", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_any_size_has_room_for_its_payloads()
    {
        for (int depth = 1; depth <= 10; depth++)
        {
            Assert.Empty(ParameterRules.Check(NetworkPresets.Dev(TestNetwork.Model(ModelShape.FromDepth(depth, 4096, 256)), 1)));
        }
    }

    [Fact]
    public void A_fork_is_in_force_from_its_height_on()
    {
        var plan = new ForkPlan([
            new ForkActivation("base", 1, new ActivationHeight(0)),
            new ForkActivation("second", 2, new ActivationHeight(100)),
        ]);
        Assert.Equal("base", plan.At(99).Name);
        Assert.Equal("second", plan.At(100).Name);
        Assert.Throws<ArgumentException>(() => new ForkPlan([new ForkActivation("late", 1, new ActivationHeight(1))]));
        Assert.Throws<ArgumentException>(() => new ForkPlan([plan.Forks[0], plan.Forks[1], plan.Forks[1]]));
    }

    [Theory]
    [InlineData(0, 0, RoundPhase.Train)]
    [InlineData(15, 0, RoundPhase.Train)]
    [InlineData(16, 0, RoundPhase.Reveal)]
    [InlineData(19, 0, RoundPhase.Reveal)]
    [InlineData(20, 0, RoundPhase.Judge)]
    [InlineData(23, 0, RoundPhase.Judge)]
    [InlineData(24, 1, RoundPhase.Train)]
    public void Heights_fall_into_rounds_and_phases(ulong height, ulong round, RoundPhase phase)
    {
        Assert.Equal(round, Dev.Rounds.RoundOf(height));
        Assert.Equal(phase, Dev.Rounds.PhaseOf(height));
        Assert.Equal(height == 23, Dev.Rounds.IsLastOfRound(height));
        Assert.Equal(round + 7, Dev.Rounds.ExpiryRoundOf(height));
    }

    private static Dictionary<string, Func<NetworkParameters, NetworkParameters>> Changes { get; } = new()
    {
        ["name"] = p => p with { Name = "dev2" },
        ["chain id"] = p => p with { ChainId = 1 },
        ["genesis time"] = p => p with { GenesisTime = 1 },
        ["proof of work"] = p => p with { ProofOfWork = "other" },
        ["interval"] = p => p with { Difficulty = p.Difficulty with { BlockInterval = 6 } },
        ["half-life"] = p => p with { Difficulty = p.Difficulty with { HalfLife = 6 } },
        ["initial target"] = p => p with { Difficulty = p.Difficulty with { InitialTarget = new CompactTarget(1) } },
        ["limit target"] = p => p with { Difficulty = p.Difficulty with { LimitTarget = new CompactTarget(1) } },
        ["future limit"] = p => p with { Difficulty = p.Difficulty with { FutureLimit = 1 } },
        ["train"] = p => p with { Rounds = p.Rounds with { Train = 1 } },
        ["reveal"] = p => p with { Rounds = p.Rounds with { Reveal = 1 } },
        ["judge"] = p => p with { Rounds = p.Rounds with { Judge = 1 } },
        ["lifetime"] = p => p with { Rounds = p.Rounds with { UnitLifetime = 2 } },
        ["finality"] = p => p with { FinalityRounds = 3 },
        ["reward"] = p => p with { Rewards = p.Rewards with { Reward = 1 } },
        ["kappa numerator"] = p => p with { Rewards = p.Rewards with { KappaNumerator = 2 } },
        ["kappa denominator"] = p => p with { Rewards = p.Rewards with { KappaDenominator = 2 } },
        ["gas limit"] = p => p with { Fees = p.Fees with { GasLimit = 1 } },
        ["floor"] = p => p with { Fees = p.Fees with { BaseFeeFloor = 1 } },
        ["block bytes"] = p => p with { Caps = p.Caps with { BlockBytes = 1 } },
        ["transactions"] = p => p with { Caps = p.Caps with { Transactions = 1 } },
        ["payload bytes"] = p => p with { Caps = p.Caps with { PayloadBytes = 1 } },
        ["payloads"] = p => p with { Caps = p.Caps with { PayloadsPerBlock = 1 } },
        ["contributions"] = p => p with { Caps = p.Caps with { ContributionsPerRound = 1 } },
        ["k"] = p => p with { Payload = new PayloadLimits(64, 4) },
        ["level bits"] = p => p with { Payload = new PayloadLimits(512, 2) },
        ["paid"] = p => p with { Judging = p.Judging with { PaidWindows = 1 } },
        ["confirmation"] = p => p with { Judging = p.Judging with { ConfirmationWindows = 1 } },
        ["holdout"] = p => p with { Judging = p.Judging with { HoldoutWindows = 1 } },
        ["holdout share"] = p => p with { Judging = p.Judging with { HoldoutPermille = 1 } },
        ["probe"] = p => p with { Judging = p.Judging with { Settlement = new SettlementParameters { ProbeDivisor = 4 } } },
        ["significance"] = p => p with { Judging = p.Judging with { Settlement = new SettlementParameters { Significance = 4 } } },
        ["tolerance"] = p => p with { Judging = p.Judging with { Settlement = new SettlementParameters { HoldoutTolerance = 4 } } },
        ["cosine floor"] = p => p with { Judging = p.Judging with { Settlement = new SettlementParameters { PublicCosineFloor = 64 } } },
        ["shape"] = p => p with { Model = p.Model with { Shape = ModelShape.FromDepth(2, 1024, 128) } },
        ["head"] = p => p with { Model = p.Model with { Shape = p.Model.Shape with { TiedHead = false } } },
        ["tokenizer"] = p => p with { Model = p.Model with { TokenizerHash = default } },
        ["corpus"] = p => p with { Model = p.Model with { CorpusRoot = default } },
        ["seed"] = p => p with { Model = p.Model with { GenesisSeed = default } },
        ["checkpoint"] = p => p with { Model = p.Model with { GenesisModelRoot = default } },
        ["forks"] = p => p with { Forks = new ForkPlan([new ForkActivation("base", 2, new ActivationHeight(0))]) },
    };
}
