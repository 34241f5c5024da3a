using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Settlement;

public sealed class RoundSettlementTests
{
    private static readonly Checkpoint Genesis = ToyRound.Genesis;

    [Fact]
    public void An_honest_round_moves_the_model_and_its_credits_sum_to_the_confirmed_gain()
    {
        Checkpoint current = Genesis;
        var past = new List<Checkpoint>();
        IReadOnlyList<SparseDelta> previous = [];
        for (int round = 0; round < 4; round++)
        {
            Candidate[] candidates = ToyRound.HonestCandidates(current, 6, $"round-{round}");
            SettlementInput input = ToyRound.Input(current, candidates) with { Past = [.. past], PastPayloads = [previous] };
            SettlementResult result = ToyRound.Settle(input);

            Assert.True(result.Settled, result.UnpaidReason);
            Assert.All(result.Candidates, candidate => Assert.Equal(SettlementReasons.Accepted, candidate.Reason));
            Assert.True(result.Gain > 3 * result.GainError);
            Assert.Equal(result.Gain, result.Candidates.Sum(candidate => candidate.Credit));
            Assert.Equal(result.Gain, result.Confirmation!.Before - result.Confirmation.After);
            Assert.True(result.Holdout!.After < result.Holdout.Before);
            Assert.NotEqual(current.Root, result.Next.Root);
            Assert.Equal(result.Next.Root, RoundSettlement.Apply(input, result).Root);

            past.Insert(0, current);
            previous = [.. candidates.Select(candidate => candidate.Delta)];
            current = result.Next;
        }
    }

    [Fact]
    public void Equal_honest_work_is_paid_equally()
    {
        SettlementResult result = ToyRound.Settle(ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 6)));
        long mean = result.Gain!.Value / 6;
        Assert.All(result.Candidates, candidate => Assert.InRange(candidate.Credit, mean / 2, mean * 3 / 2));
    }

    [Fact]
    public void Permuting_the_candidates_permutes_the_results_and_nothing_else()
    {
        Candidate[] candidates =
        [
            .. ToyRound.HonestCandidates(Genesis, 5),
            new(ToyRound.Id("copy"), ToyRound.Honest(Genesis, "honest-2")),
            new(ToyRound.Id("noise"), ToyRound.Noise("noise")),
        ];
        SettlementInput input = ToyRound.Input(Genesis, candidates) with { PastPayloads = [[ToyRound.Honest(Genesis, "old")]] };
        SettlementResult straight = ToyRound.Settle(input);
        int[] order = [4, 6, 0, 2, 5, 1, 3];
        SettlementResult permuted = ToyRound.Settle(input with { Candidates = [.. order.Select(i => candidates[i])] });

        Assert.Equal(order.Select(i => straight.Candidates[i]), permuted.Candidates);
        Assert.Equal(straight.Next.Root, permuted.Next.Root);
        Assert.Equal((straight.Gain, straight.GainError, straight.Step), (permuted.Gain, permuted.GainError, permuted.Step));
    }

    [Fact]
    public void A_round_without_reveals_costs_nothing_and_changes_nothing()
    {
        var judge = new ToyJudge();
        SettlementResult result = ToyRound.Settle(ToyRound.Input(Genesis), judge);
        Assert.Equal((false, SettlementReasons.NoContributions, 0), (result.Settled, result.UnpaidReason, judge.Calls));
        Assert.Same(Genesis, result.Next);
    }

    [Fact]
    public void A_round_of_noise_is_empty()
    {
        Candidate[] candidates = [.. Enumerable.Range(0, 4).Select(i => new Candidate(ToyRound.Id($"n{i}"), ToyRound.Noise($"noise-{i}")))];
        SettlementResult result = ToyRound.Settle(ToyRound.Input(Genesis, candidates));
        Assert.Equal((false, SettlementReasons.NoneAccepted), (result.Settled, result.UnpaidReason));
        Assert.Same(Genesis, result.Next);
        Assert.All(result.Candidates, candidate => Assert.Equal(0, candidate.Credit));
        Assert.All(result.Candidates, candidate => Assert.Contains(
            candidate.Reason, new[] { SettlementReasons.GainNotPositive, SettlementReasons.GainNotSignificant }));
    }

    [Fact]
    public void A_gain_that_is_not_there_on_the_confirmation_set_settles_empty()
    {
        SettlementInput input = ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 3));
        SettlementResult result = ToyRound.Settle(input, new ConstantOn(input.Confirmation));
        Assert.Equal((false, SettlementReasons.GainNotSignificant), (result.Settled, result.UnpaidReason));
        Assert.Equal((0L, 0L), (result.Gain, result.GainError));
        Assert.Null(result.Holdout!.After);
        AssertNobodyIsPaid(result);
    }

    [Fact]
    public void A_step_that_makes_the_holdout_worse_settles_empty()
    {
        SettlementInput input = ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 3));
        SettlementResult result = ToyRound.Settle(input, new ReversedOn(input.Holdout));
        Assert.Equal((false, SettlementReasons.HoldoutWorse), (result.Settled, result.UnpaidReason));
        Assert.True(result.Holdout!.After > result.Holdout.Before);
        AssertNobodyIsPaid(result);
    }

    [Fact]
    public void A_round_that_pays_nobody_moves_the_model_along_what_a_standstill_made_public()
    {
        SettlementInput input = Stuck();
        SettlementResult result = ToyRound.Settle(input, new ToyJudge());
        Assert.Equal((true, false, SettlementReasons.PublicStep), (result.Settled, result.Pays, result.UnpaidReason));
        Assert.True(result.Gain > 3 * result.GainError);
        Assert.Equal(result.Gain, result.Confirmation!.Before - result.Confirmation.After);
        Assert.True(result.Holdout!.After < result.Holdout.Before);
        Assert.All(result.Candidates, candidate => Assert.Equal((false, 0L), (candidate.Accepted, candidate.Credit)));
        Assert.NotEqual(input.Current.Root, result.Next.Root);
        Assert.Equal(result.Next.Root, RoundSettlement.Apply(input, result).Root);
        Assert.Equal(result.Next.Root, RoundSettlement.ApplyPublicStep(input.Current, input.PastPayloads[0], [input.Candidates[0].Delta], result.Step).Root);
    }

    [Fact]
    public void What_loses_takes_no_part_in_a_public_step()
    {
        SettlementInput input = Stuck();
        SparseDelta forth = input.Candidates[0].Delta;
        var back = new SparseDelta(forth.Dimension, [.. forth.Indices], [.. forth.Values.ToArray().Select(value => -value)]);
        SettlementResult alone = ToyRound.Settle(input);
        SettlementResult beside = ToyRound.Settle(input with { Candidates = [.. input.Candidates, new Candidate(ToyRound.Id("back"), back)] });
        Assert.Equal(SettlementReasons.GainNotPositive, beside.Candidates[1].Reason);
        Assert.Equal((alone.UnpaidReason, alone.Next.Root), (beside.UnpaidReason, beside.Next.Root));
    }

    [Fact]
    public void Without_a_standstill_nothing_public_moves_the_model()
    {
        SettlementInput input = Stuck();
        Checkpoint other = ToyRound.Settle(ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 2))).Next;
        Assert.All(
            new[] { input with { Past = [other] }, input with { Past = [] } },
            moved => Assert.Equal((false, SettlementReasons.NoneAccepted), (ToyRound.Settle(moved).Settled, ToyRound.Settle(moved).UnpaidReason)));
    }

    [Fact]
    public void A_public_step_is_held_to_the_confirmation_set_and_the_holdout()
    {
        SettlementInput input = Stuck();
        Assert.Equal(SettlementReasons.NoneAccepted, ToyRound.Settle(input, new ConstantOn(input.Confirmation)).UnpaidReason);
        SettlementResult worse = ToyRound.Settle(input, new ReversedOn(input.Holdout));
        Assert.Equal((false, SettlementReasons.NoneAccepted, null), (worse.Settled, worse.UnpaidReason, worse.Gain));
        Assert.Same(input.Current, worse.Next);
    }

    [Fact]
    public void What_every_round_of_a_standstill_made_public_earns_nothing()
    {
        SparseDelta[] older = [.. Enumerable.Range(0, 4).Select(i => ToyRound.Honest(Genesis, $"older-{i}"))];
        SparseDelta[] newer = [.. Enumerable.Range(0, 4).Select(i => ToyRound.Honest(Genesis, $"newer-{i}"))];
        SettlementInput input = ToyRound.Input(
            Genesis, [.. ToyRound.HonestCandidates(Genesis, 4), .. older.Take(2).Select((payload, i) => new Candidate(ToyRound.Id($"copy-{i}"), payload))]);
        SettlementResult result = ToyRound.Settle(input with { Past = [Genesis, Genesis], PastPayloads = [newer, older] });
        Assert.All(result.Candidates.TakeLast(2), candidate => Assert.Equal(SettlementReasons.GainAlreadyPublic, candidate.Reason));
    }

    [Fact]
    public void A_holdout_worse_within_its_tolerance_settles()
    {
        SettlementInput input = ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 3));
        input = input with { Parameters = input.Parameters with { HoldoutTolerance = 1L << 30 } };
        Assert.True(ToyRound.Settle(input, new ReversedOn(input.Holdout)).Settled);
    }

    [Fact]
    public void Evaluations_stay_within_the_stated_cost_and_are_counted()
    {
        const int count = 8;
        SettlementInput input = ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, count)) with
        {
            Past = [ToyRound.Settle(ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 2))).Next],
            PastPayloads = [[ToyRound.Honest(Genesis, "p0"), ToyRound.Honest(Genesis, "p1")]],
        };
        var judge = new ToyJudge();
        SettlementResult result = ToyRound.Settle(input, judge);
        Assert.True(result.Settled);
        Assert.Equal(judge.Calls, result.Cost.Evaluations);
        Assert.InRange(result.Cost.Evaluations, count + 5, (2 * count) + 2 + 5 + 7 + 5);
        Assert.InRange(result.Cost.PublicDirections, 1, 5);
    }

    [Fact]
    public void Progress_never_passes_its_own_bound()
    {
        var seen = new List<SettlementProgress>();
        SettlementInput input = ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 4));
        SettlementResult result = RoundSettlement.Settle(input, new ToyJudge(), new Recorder(seen), CancellationToken.None);
        Assert.Equal(result.Cost.Evaluations, seen[^1].Evaluations);
        Assert.All(seen, progress => Assert.True(progress.Evaluations <= progress.AtMost));
        Assert.Equal(["probe", "public", "step", "confirm", "credit"], seen.Select(progress => progress.Stage).Distinct());
    }

    [Fact]
    public void A_cancelled_settlement_stops()
    {
        SettlementInput input = ToyRound.Input(Genesis, ToyRound.HonestCandidates(Genesis, 4));
        Assert.Throws<OperationCanceledException>(() => RoundSettlement.Settle(input, new ToyJudge(), null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Two_candidates_of_one_id_are_a_callers_error()
    {
        Candidate candidate = ToyRound.HonestCandidates(Genesis, 1)[0];
        Assert.Throws<ArgumentException>(() => ToyRound.Settle(ToyRound.Input(Genesis, candidate, candidate)));
    }

    [Theory]
    [InlineData(1, 1, 2, 2)]
    [InlineData(8, 1, 16, 2)]
    [InlineData(3, 2, 6, 4)]
    public void A_step_in_other_terms_rebuilds_the_same_model(int numerator, int denominator, int otherNumerator, int otherDenominator)
    {
        Candidate[] candidates = ToyRound.HonestCandidates(Genesis, 3);
        int[] weights = [65_536, 0, 40_001];
        Assert.Equal(
            RoundSettlement.Apply(Genesis, candidates, new StepSize(numerator, denominator), weights).Root,
            RoundSettlement.Apply(Genesis, candidates, new StepSize(otherNumerator, otherDenominator), weights).Root);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(17, 2)]
    public void A_step_outside_the_protocol_is_a_callers_error(int numerator, int denominator) =>
        Assert.Throws<ArgumentException>(() =>
            RoundSettlement.Apply(Genesis, ToyRound.HonestCandidates(Genesis, 1), new StepSize(numerator, denominator), [65_536]));

    [Fact]
    public void The_largest_share_of_the_largest_probe_divisor_fits_64_bits()
    {
        const long MostGain = 1L << 55;
        const int Divisor = SettlementParameters.MaxProbeDivisor;
        long share = CreditSplit.Part(MostGain, MostGain, MostGain, 1 << 16, 1 << 16, new StepSize(8, 1), Divisor);
        Assert.Equal((MostGain / 2) + (MostGain * Divisor * 4), share);
        Assert.Throws<ArgumentOutOfRangeException>(() => ToyRound.Settle(
            ToyRound.Input(Genesis) with { Parameters = new SettlementParameters { ProbeDivisor = Divisor + 1 } }));
    }

    /// <summary>After an empty round, one who sends that round's payload again: nothing of it is fresh.</summary>
    private static SettlementInput Stuck()
    {
        SparseDelta payload = ToyRound.Honest(Genesis, "before");
        return ToyRound.Input(Genesis, new Candidate(ToyRound.Id("again"), payload)) with { Past = [Genesis], PastPayloads = [[payload, ToyRound.Honest(Genesis, "beside")]] };
    }

    private static void AssertNobodyIsPaid(SettlementResult result)
    {
        Assert.Same(Genesis, result.Next);
        Assert.All(result.Candidates, candidate => Assert.Equal((true, 0L), (candidate.Accepted, candidate.Credit)));
    }

    private sealed class Recorder(List<SettlementProgress> seen) : IProgress<SettlementProgress>
    {
        public void Report(SettlementProgress value) => seen.Add(value);
    }

    private sealed class ConstantOn(TokenBatch batch) : ILossEvaluator
    {
        private readonly ToyJudge _inner = new();

        public long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch judged, CancellationToken cancellation) =>
            ReferenceEquals(batch, judged) ? new long[judged.Sequences] : _inner.Evaluate(shape, weights, judged, cancellation);
    }

    private sealed class ReversedOn(TokenBatch batch) : ILossEvaluator
    {
        private readonly ToyJudge _inner = new();

        public long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch judged, CancellationToken cancellation)
        {
            long[] losses = _inner.Evaluate(shape, weights, judged, cancellation);
            return ReferenceEquals(batch, judged) ? [.. losses.Select(loss => (1L << 34) - loss)] : losses;
        }
    }
}
