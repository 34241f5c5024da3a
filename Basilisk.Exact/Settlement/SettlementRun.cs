using System.Numerics;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>One settlement, step by step as protocol §7 numbers them.</summary>
internal sealed class SettlementRun(SettlementInput input, MeteredJudge judge)
{
    /// <summary>Directions of the model's history at most: updates or what empty rounds had, the last payloads together, the way from genesis, the weights.</summary>
    private const int History = SettlementParameters.MaxPast + 3;

    /// <summary>Sizes tried, one evaluation of Q, one of H.</summary>
    private const int StepAndConfirm = 7 + 2;

    private readonly int _count = input.Candidates.Count;
    private SparseDelta[] _deltas = [];
    private PairedGain[] _gains = [];
    private long[] _fresh = [];
    private long[]? _confirmationBefore;
    private int _publicDirections;

    public SettlementResult Run()
    {
        if (_count == 0)
        {
            return Empty(SettlementReasons.NoContributions, null, null, null);
        }

        int older = Math.Min(_count, input.PastPayloads.Take(Standstill.Rounds(input)).Skip(1).Sum(round => round.Count));
        judge.Expected = 2 + (2 * _count) + input.PastPayloads.Take(1).Sum(round => round.Count) + older + History + 1 + StepAndConfirm;
        long holdoutBefore = judge.Losses(input.Current.Weights, input.Holdout).Sum();
        long[] paidBefore = judge.Losses(input.Current.Weights, input.Paid);
        _deltas = NormClip.ClipAll(input.Candidates);
        bool[] accepted = Probe(paidBefore);
        var holdout = new BatchLoss(holdoutBefore, null, input.Holdout.TargetCount);
        var paid = new BatchLoss(paidBefore.Sum(), null, input.Paid.TargetCount);
        SettlementResult own = accepted.Contains(true)
            ? Accept(new RoundMembers(_deltas, accepted, _fresh), paid, holdout)
            : Empty(SettlementReasons.NoneAccepted, paid, holdout, null);
        return (own.Settled ? own : MoveOn(own)) with { Cost = Cost() };
    }

    /// <summary>Steps 2 and 3: probes, fresh gains, and who is accepted.</summary>
    private bool[] Probe(long[] paidBefore)
    {
        var book = new ProbeBook(input, judge, paidBefore);
        _gains = [.. _deltas.Select(book.Gain)];
        int errors = input.Parameters.Significance;
        bool[] open = [.. _gains.Select(gain => PairedGain.IsSignificant(gain.Total, gain.Error, errors))];

        judge.Stage = "public";
        BigInteger[] known = new FreshGain(input, _deltas, book, open).KnownParts(NormClip.MedianNorm(input.Candidates));
        _publicDirections = book.PublicProbes;
        _fresh = new long[_count];
        var accepted = new bool[_count];
        for (int i = 0; i < _count; i++)
        {
            // Below −2⁶² no one asks how far below: a long keeps the record's form simple.
            _fresh[i] = (long)BigInteger.Max(_gains[i].Total - known[i], -(BigInteger.One << 62));
            accepted[i] = open[i] && PairedGain.IsSignificant(_fresh[i], _gains[i].Error, errors);
        }

        return accepted;
    }

    /// <summary>Steps 4 to 7: the step of those who are accepted, its confirmation, credits.</summary>
    private SettlementResult Accept(RoundMembers members, BatchLoss paid, BatchLoss holdout)
    {
        judge.Stage = "step";
        ChosenStep step = new StepSearch(input, judge, _deltas, members.Weights).Find();
        SettlementResult result = Confirm(Empty(SettlementReasons.GainNotSignificant, paid, holdout, members), step);
        if (!result.Settled)
        {
            return result;
        }

        judge.Stage = "credit";
        return result with { Candidates = Credit(members, step, paid.Before, result.Gain!.Value) };
    }

    /// <summary>Step 6: confirmation on Q and the holdout's guard. Settled, without credits, where both let the step pass.</summary>
    private SettlementResult Confirm(SettlementResult empty, ChosenStep step)
    {
        judge.Stage = "confirm";
        long[] before = _confirmationBefore ??= judge.Losses(input.Current.Weights, input.Confirmation);
        long[] after = judge.Losses(step.Weights, input.Confirmation);
        PairedGain gain = PairedGain.Of(before, after);
        SettlementResult result = empty with
        {
            UnpaidReason = SettlementReasons.GainNotSignificant,
            Step = step.Size,
            Gain = gain.Total,
            GainError = gain.Error,
            Paid = empty.Paid! with { After = step.PaidLoss },
            Confirmation = new BatchLoss(before.Sum(), after.Sum(), input.Confirmation.TargetCount),
        };
        if (!PairedGain.IsSignificant(gain.Total, gain.Error, input.Parameters.Significance))
        {
            return result;
        }

        BatchLoss holdout = empty.Holdout! with { After = judge.Losses(step.Weights, input.Holdout).Sum() };
        result = result with { Holdout = holdout, UnpaidReason = SettlementReasons.HoldoutWorse };
        return holdout.After - holdout.Before > input.Parameters.HoldoutTolerance * holdout.Targets
            ? result
            : result with { Settled = true, UnpaidReason = null, Next = new Checkpoint(input.Shape, step.Weights) };
    }

    /// <summary>
    /// Step 8: a round that pays nobody moves the model along what the standstill has made public, if that is confirmed. Otherwise
    /// everything that could move the model would in the end be public, and nothing would move it.
    /// </summary>
    private SettlementResult MoveOn(SettlementResult empty)
    {
        if (Standstill.Of(input, [.. _gains.Select(gain => gain.Total > 0)]) is not { } standstill)
        {
            return empty;
        }

        judge.Expected += StepAndConfirm;
        judge.Stage = "public";
        ChosenStep step = new StepSearch(input, judge, standstill.Deltas, standstill.Weights).Find();
        SettlementResult moved = Confirm(empty, step);
        return moved.Settled ? moved with { UnpaidReason = SettlementReasons.PublicStep } : empty;
    }

    private CandidateResult[] Credit(RoundMembers members, ChosenStep step, long paidBefore, long gain)
    {
        long[] worth = CreditSplit.LeaveOneOut(input, judge, _deltas, members, step, paidBefore);
        var parts = new long[_count];
        for (int i = 0; i < _count; i++)
        {
            parts[i] = members.Accepted[i]
                ? CreditSplit.Part(worth[i], _fresh[i], _gains[i].Total, members.Weights[i], members.TotalWeight, step.Size, input.Parameters.ProbeDivisor)
                : 0;
        }

        long[] shares = CreditSplit.Shares(parts, _deltas, _fresh, members.Accepted);
        long[] credits = CreditSplit.Split(gain, shares, members.Accepted, [.. input.Candidates.Select(candidate => candidate.Id)]);
        return [.. Results(members).Select((result, i) => result with { LeaveOneOut = worth[i], Share = shares[i], Credit = credits[i] })];
    }

    private CandidateResult[] Results(RoundMembers? members)
    {
        var results = new CandidateResult[_count];
        for (int i = 0; i < results.Length; i++)
        {
            bool accepted = members?.Accepted[i] ?? false;
            results[i] = new CandidateResult(
                input.Candidates[i].Id, _gains[i].Total, _gains[i].Error, _fresh[i], accepted, Reason(i, accepted), members?.Weights[i] ?? 0, 0, 0, 0);
        }

        return results;
    }

    private string Reason(int i, bool accepted)
    {
        if (accepted)
        {
            return SettlementReasons.Accepted;
        }

        PairedGain gain = _gains[i];
        if (gain.Total <= 0)
        {
            return SettlementReasons.GainNotPositive;
        }

        return PairedGain.IsSignificant(gain.Total, gain.Error, input.Parameters.Significance)
            ? SettlementReasons.GainAlreadyPublic
            : SettlementReasons.GainNotSignificant;
    }

    private SettlementResult Empty(string reason, BatchLoss? paid, BatchLoss? holdout, RoundMembers? members) => new()
    {
        Settled = false,
        UnpaidReason = reason,
        Step = StepSize.None,
        Gain = null,
        GainError = null,
        Paid = paid,
        Confirmation = null,
        Holdout = holdout,
        Candidates = Results(members),
        Next = input.Current,
        Cost = Cost(),
    };

    private SettlementCost Cost() => new(judge.Evaluations, _publicDirections, judge.Targets);
}
