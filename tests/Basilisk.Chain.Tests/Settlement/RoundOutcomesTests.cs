using Basilisk.Chain.Settlement;
using Basilisk.Chain.Tests.Support;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Xunit;

namespace Basilisk.Chain.Tests.Settlement;

/// <summary>The settlement's result becomes the chain's record of it, field by field.</summary>
public sealed class RoundOutcomesTests
{
    private static readonly Hash256 First = TestNetwork.HashOf("first");
    private static readonly Hash256 Second = TestNetwork.HashOf("second");
    private static readonly Checkpoint Next = CheckpointInitialiser.Create(TestNetwork.Shape, TestNetwork.HashOf("weights"));

    private static readonly RoundJudgement Judgement = new(
        7,
        TestNetwork.HashOf("model"),
        TestNetwork.HashOf("seed"),
        [Payload(First, 1), Payload(Second, 2)]);

    [Fact]
    public void A_settled_round_is_recorded_field_by_field_in_the_judgements_order()
    {
        RoundOutcome outcome = RoundOutcomes.From(Judgement, Settled());
        Assert.Equal((7UL, Judgement.ModelRoot, Judgement.EvaluationSeed), (outcome.Round, outcome.ModelRoot, outcome.EvaluationSeed));
        Assert.True(outcome.Settled);
        Assert.Equal((string.Empty, 90L, 12L, 3U), (outcome.Reason, outcome.Gain, outcome.GainError, outcome.StepHalves));
        Assert.Equal(new RoundLosses(1000, 900, 2000, 1910, 3000, 2990), outcome.Losses);
        Assert.Equal(Next.Root, outcome.NextModelRoot);
        Assert.Equal(
            [
                new ContributionOutcome(First, TestNetwork.Key(1).Address, 11, 12, 13, true, string.Empty, 65_536, 15, 16, 90),
                new ContributionOutcome(Second, TestNetwork.Key(2).Address, -21, 22, -23, false, SettlementReasons.GainNotPositive, 0, 0, 0, 0),
            ],
            outcome.Contributions);
        Assert.Equal(outcome, RoundOutcomeCodec.Decode(RoundOutcomeCodec.Encode(outcome), 2).Value);
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 2, 3)]
    [InlineData(8, 1, 16)]
    [InlineData(0, 1, 0)]
    public void Steps_are_counted_in_halves(int numerator, int denominator, uint halves) =>
        Assert.Equal(halves, RoundOutcomes.From(Judgement, Settled() with { Step = new StepSize(numerator, denominator) }).StepHalves);

    [Fact]
    public void What_an_empty_round_did_not_measure_is_written_as_no_change()
    {
        RoundOutcome outcome = RoundOutcomes.From(Judgement, Settled() with
        {
            Settled = false,
            UnpaidReason = SettlementReasons.NoneAccepted,
            Step = StepSize.None,
            Gain = null,
            GainError = null,
            Paid = new BatchLoss(1000, null, 256),
            Confirmation = null,
            Holdout = new BatchLoss(3000, null, 256),
        });
        Assert.Equal((SettlementReasons.NoneAccepted, 0L, 0L), (outcome.Reason, outcome.Gain, outcome.GainError));
        Assert.Equal(new RoundLosses(1000, 1000, 0, 0, 3000, 3000), outcome.Losses);
    }

    [Fact]
    public void A_result_of_other_candidates_is_a_defect() =>
        Assert.Throws<ArgumentException>(() => RoundOutcomes.From(Judgement with { Payloads = [Payload(First, 1)] }, Settled()));

    private static RevealedPayload Payload(Hash256 unit, int miner) => new(unit, TestNetwork.Key(miner).Address, default, default);

    private static SettlementResult Settled() => new()
    {
        Settled = true,
        UnpaidReason = null,
        Step = new StepSize(3, 2),
        Gain = 90,
        GainError = 12,
        Paid = new BatchLoss(1000, 900, 256),
        Confirmation = new BatchLoss(2000, 1910, 256),
        Holdout = new BatchLoss(3000, 2990, 256),
        Candidates =
        [
            new CandidateResult(Second, -21, 22, -23, false, SettlementReasons.GainNotPositive, 0, 0, 0, 0),
            new CandidateResult(First, 11, 12, 13, true, SettlementReasons.Accepted, 65_536, 15, 16, 90),
        ],
        Next = Next,
        Cost = new SettlementCost(1, 0, 256),
    };
}
