using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Xunit;

namespace Basilisk.Chain.Tests.Settlement;

public sealed class RoundOutcomeTests
{
    private readonly TestChain _chain = new();
    private readonly PrivateKey _miner = TestNetwork.Key(1);

    [Fact]
    public void Outcomes_of_a_random_chain_decode_to_themselves_and_name_the_rounds_root()
    {
        var random = new RandomChain(seed: 5, accounts: 3);
        int contributions = 0;
        for (int i = 0; i < 36; i++)
        {
            ConnectedBlock block = random.Step();
            if (block.RoundEnd?.Outcome is { } outcome)
            {
                byte[] bytes = RoundOutcomeCodec.Encode(outcome);
                RoundOutcome decoded = RoundOutcomeCodec.Decode(bytes, 4).Value;
                Assert.Equal(bytes, RoundOutcomeCodec.Encode(decoded));
                Assert.Equal(outcome.Contributions, decoded.Contributions);
                Assert.Equal(outcome.Losses, decoded.Losses);
                Assert.Equal(Keccak256.Hash(bytes), block.Block.Header.RoundsRoot);
                Assert.Equal(outcome.NextModelRoot, block.Block.Header.ModelRoot);
                contributions += decoded.Contributions.Length;
            }
        }

        Assert.True(contributions > 0);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void Signed_numbers_survive(long value)
    {
        RoundOutcome outcome = RoundOutcome.Empty(3, TestNetwork.HashOf("m"), TestNetwork.HashOf("s")) with { Gain = value, Losses = new RoundLosses(value, 1, 2, 3, 4, value) };
        RoundOutcome decoded = RoundOutcomeCodec.Decode(RoundOutcomeCodec.Encode(outcome), 0).Value;
        Assert.Equal(value, decoded.Gain);
        Assert.Equal(outcome.Losses, decoded.Losses);
    }

    [Fact]
    public void A_reason_that_is_not_printable_is_refused()
    {
        RoundOutcome outcome = RoundOutcome.Empty(3, TestNetwork.HashOf("m"), TestNetwork.HashOf("s")) with { Reason = "line\nbreak" };
        Refusal? refusal = RoundOutcomeCodec.Decode(RoundOutcomeCodec.Encode(outcome), 0).Refusal;
        Assert.Contains(Tokens.OutcomeReasonNotPrintable, refusal?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_contributions_than_the_cap_are_refused()
    {
        ConnectedBlock last = RoundWithOneContribution();
        byte[] bytes = RoundOutcomeCodec.Encode(last.RoundEnd!.Outcome);
        Assert.False(RoundOutcomeCodec.Decode(bytes, 1).IsRefused);
        Assert.Equal(RlpToken.ListTooLong, RoundOutcomeCodec.Decode(bytes, 0).Refusal?.Token);
    }

    [Fact]
    public void The_question_is_known_from_the_last_reveal_block_on_and_is_the_same_until_the_end()
    {
        Hash256 unit = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address);
        Assert.Null(RoundJudgement.From(_chain.State, _chain));
        ConnectedBlock reveal = _chain.Mine(_miner.Address, _chain.Reveal(_miner, unit, 1));
        RoundJudgement judgement = RoundJudgement.From(_chain.State, _chain)!;
        Assert.Equal(0UL, judgement.Round);
        Assert.Equal(_chain.Parameters.Model.GenesisModelRoot, judgement.ModelRoot);
        Assert.Equal(Rounds.EvaluationSeed.Fold(Hash256.Zero, reveal.Block.Hash), judgement.EvaluationSeed);
        RevealedPayload payload = Assert.Single(judgement.Payloads);
        Assert.Equal((unit, _miner.Address), (payload.Unit, payload.Miner));
        Assert.Equal(TestNetwork.Payload(1), payload.Payload.ToArray());
    }

    [Fact]
    public void Seeds_of_successive_rounds_start_anew()
    {
        var seeds = new List<Hash256>();
        var last = new List<Hash256>();
        for (int i = 0; i < 18; i++)
        {
            ConnectedBlock block = _chain.Mine(_miner.Address);
            if (_chain.Parameters.Rounds.PhaseOf(block.Block.Height) == Chain.Parameters.RoundPhase.Reveal)
            {
                last.Add(block.Block.Hash);
                seeds.Add(Rounds.EvaluationSeed.Known(_chain.State)!.Value);
            }
        }

        Assert.Equal(last.Select(hash => Rounds.EvaluationSeed.Fold(Hash256.Zero, hash)), seeds);
    }

    public static TheoryData<string> Breaks => ["missing", "round", "model", "seed", "contributions", "negative", "sum", "empty pays", "empty moves", "no gain", "unpaid pays"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public void An_outcome_that_cannot_be_right_stops_the_node(string what)
    {
        Hash256 unit = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address).Mine(_miner.Address, _chain.Reveal(_miner, unit, 1));
        RoundOutcome right = Settled(RoundJudgement.From(_chain.State, _chain)!, credit: 10);
        var block = TestChain.Seal(_chain.Assembler.Build(_chain.State, _miner.Address, [], 0, right));
        RoundOutcome? wrong = what switch
        {
            "missing" => null,
            "round" => right with { Round = 9 },
            "model" => right with { ModelRoot = default },
            "seed" => right with { EvaluationSeed = default },
            "contributions" => right with { Contributions = [] },
            "negative" => right with { Contributions = [right.Contributions[0] with { Credit = -1 }] },
            "sum" => right with { Gain = 11 },
            "empty pays" => right with { Settled = false, NextModelRoot = right.ModelRoot },
            "empty moves" => right with { Settled = false, Contributions = [right.Contributions[0] with { Credit = 0 }] },
            "unpaid pays" => right with { Reason = SettlementReasons.PublicStep },
            "no gain" => right with { Gain = 0, Contributions = [right.Contributions[0] with { Credit = 0 }] },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Throws<ArgumentException>(() => _chain.Rules.Connect(_chain.State, block, wrong));
        Assert.False(_chain.Rules.Connect(_chain.State, block, right).IsRefused);
    }

    [Fact]
    public void A_judge_with_another_result_refuses_the_block()
    {
        Hash256 unit = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address).Mine(_miner.Address, _chain.Reveal(_miner, unit, 1));
        RoundJudgement judgement = RoundJudgement.From(_chain.State, _chain)!;
        RoundOutcome mine = Settled(judgement, credit: 10);
        var block = TestChain.Seal(_chain.Assembler.Build(_chain.State, _miner.Address, [], 0, mine));
        Assert.Equal(Tokens.RoundsRootMismatch, _chain.Rules.Connect(_chain.State, block, Settled(judgement, credit: 11)).Refusal?.Token);
        Assert.Equal(Tokens.ModelRootMismatch, _chain.Rules.Connect(_chain.State, block, mine with { NextModelRoot = default }).Refusal?.Token);
    }

    [Fact]
    public void A_settled_round_mints_25_for_each_pass_oldest_first()
    {
        Hash256 unit = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address).Mine(_miner.Address, _chain.Reveal(_miner, unit, 1));
        RoundOutcome outcome = Settled(RoundJudgement.From(_chain.State, _chain)!, credit: 10);
        var block = TestChain.Seal(_chain.Assembler.Build(_chain.State, _miner.Address, [], 0, outcome));
        ConnectedBlock connected = _chain.Rules.Connect(_chain.State, block, outcome).Value;

        // Six passes are issued; four rewards are pending (heights 1–4; the fifth enters with the next block).
        Assert.Equal([1UL, 2UL, 3UL, 4UL], connected.RoundEnd!.Released.Select(reward => reward.Height));
        CreditEarned earned = Assert.Single(connected.RoundEnd.Credits);
        Assert.Equal((10UL, 6UL << 32, 2UL << 32), (earned.Credit, earned.Passes, earned.PassesLost));
        Account account = connected.State.Account(_miner.Address);
        Assert.Equal((UInt256)100 * Bsk.Coin, account.Balance);
        Assert.Equal((4UL, 0UL, 0UL), (account.Released, account.Passes, account.PendingRewards));
        Assert.Equal(account, Assert.Single(connected.Accounts).Account);
    }

    [Fact]
    public void A_round_that_moves_the_model_unpaid_counts_as_settled_and_releases_nothing()
    {
        Hash256 unit = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address).Mine(_miner.Address, _chain.Reveal(_miner, unit, 1));
        RoundOutcome outcome = Settled(RoundJudgement.From(_chain.State, _chain)!, credit: 0) with { Reason = SettlementReasons.PublicStep, Gain = 10 };
        Assert.False(outcome.Pays);
        var block = TestChain.Seal(_chain.Assembler.Build(_chain.State, _miner.Address, [], 0, outcome));
        ConnectedBlock connected = _chain.Rules.Connect(_chain.State, block, outcome).Value;

        Assert.Empty(connected.RoundEnd!.Credits);
        Assert.Empty(connected.RoundEnd.Released);
        Assert.Equal((1UL, outcome.NextModelRoot), (connected.State.Chain.RoundsSettled, connected.State.ModelRoot));
        Account account = connected.State.Account(_miner.Address);
        Assert.Equal((0UL, 0UL, 4UL), (account.Released, account.Passes, account.PendingRewards));
    }

    [Fact]
    public void A_whole_pass_is_not_spent_in_a_round_that_pays_nobody()
    {
        Address other = TestNetwork.Key(2).Address;
        _chain.Twist = outcome => Paying(outcome, credit: 10);
        Hash256 first = _chain.Mine(_miner.Address).Block.Hash;
        Hash256 second = _chain.Mine(_miner.Address, _chain.Commit(_miner, first, 1)).Block.Hash;
        _chain.MineTo(4, other).Mine(other, _chain.Reveal(_miner, first, 1));
        _chain.Mine(other);
        _chain.Mine(other, _chain.Commit(_miner, second, 2));
        _chain.MineTo(4, other).Mine(other, _chain.Reveal(_miner, second, 2));
        Account between = _chain.Mine(other).State.Account(_miner.Address);
        Assert.Equal((Account.WholePass, 0UL, 2UL), (between.Passes, between.PendingRewards, between.Released));

        Hash256 third = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(other, _chain.Commit(_miner, third, 3));
        _chain.MineTo(4, other).Mine(other, _chain.Reveal(_miner, third, 3));
        _chain.Twist = outcome => Paying(outcome, credit: 0) with { Reason = SettlementReasons.PublicStep, Gain = 10 };
        Account unpaid = _chain.Mine(other).State.Account(_miner.Address);
        Assert.Equal((Account.WholePass, 1UL, 2UL), (unpaid.Passes, unpaid.PendingRewards, unpaid.Released));

        _chain.Disconnect();
        _chain.Twist = outcome => Paying(outcome, credit: 10);
        Assert.Equal(3UL, _chain.Mine(other).State.Account(_miner.Address).Released);
    }

    private static RoundOutcome Paying(RoundOutcome outcome, long credit) => outcome.Contributions.IsEmpty
        ? outcome
        : outcome with
        {
            Settled = true,
            Reason = string.Empty,
            Gain = credit * outcome.Contributions.Length,
            Contributions = [.. outcome.Contributions.Select(contribution => contribution with { Credit = credit })],
            NextModelRoot = TestNetwork.HashOf($"checkpoint after {outcome.Round}"),
        };

    private ConnectedBlock RoundWithOneContribution()
    {
        Hash256 unit = _chain.Mine(_miner.Address).Block.Hash;
        _chain.Mine(_miner.Address, _chain.Commit(_miner, unit, 1));
        _chain.MineTo(4, _miner.Address).Mine(_miner.Address, _chain.Reveal(_miner, unit, 1));
        return _chain.Mine(_miner.Address);
    }

    private static RoundOutcome Settled(RoundJudgement judgement, long credit) => Paying(FakeJudge.Judge(judgement), credit);
}
