using System.Numerics;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>One settlement, step by step as protocol §7 numbers them.</summary>
internal sealed class SettlementRun(SettlementInput input, MeteredJudge judge)
{
    /// <summary>Directions of the model's history at most: updates or what empty rounds had, the last payloads together, the way from genesis, the weights.</summary>
    private const int History = SettlementParameters.MaxPast + 3;

    /// <summary>Sizes tried, two evaluations of Q, one of H more.</summary>
    private const int StepAndConfirm = 7 + 3;

    private readonly int _count = input.Candidates.Count;
    private SparseDelta[] _deltas = [];
    private PairedGain[] _gains = [];
    private long[] _fresh = [];
    private int _publicDirections;

    public SettlementResult Run()
    {
        if (_count == 0)
        {
            return Empty(SettlementReasons.NoContributions, null, null, null);
        }

        judge.Expected = 2 + (2 * _count) + input.PastPayloads.Take(1).Sum(round => round.Count) + History + StepAndConfirm;
        long holdoutBefore = judge.Losses(input.Current.Weights, input.Holdout).Sum();
        long[] paidBefore = judge.Losses(input.Current.Weights, input.Paid);
        _deltas = NormClip.ClipAll(input.Candidates);
        bool[] accepted = Probe(paidBefore);
        var holdout = new BatchLoss(holdoutBefore, null, input.Holdout.TargetCount);
        var paid = new BatchLoss(paidBefore.Sum(), null, input.Paid.TargetCount);
        if (!accepted.Contains(true))
        {
            return Empty(SettlementReasons.NoneAccepted, paid, holdout, null);
        }

        var members = new RoundMembers(_deltas, accepted, _fresh);
        judge.Stage = "step";
        ChosenStep step = new StepSearch(input, judge, _deltas, members.Weights).Find();
        return Confirm(members, step, paid with { After = step.PaidLoss }, holdout);
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

    /// <summary>Steps 6 and 7: confirmation on Q, the holdout's guard, credits.</summary>
    private SettlementResult Confirm(RoundMembers members, ChosenStep step, BatchLoss paid, BatchLoss holdout)
    {
        judge.Stage = "confirm";
        long[] before = judge.Losses(input.Current.Weights, input.Confirmation);
        long[] after = judge.Losses(step.Weights, input.Confirmation);
        PairedGain gain = PairedGain.Of(before, after);
        var confirmation = new BatchLoss(before.Sum(), after.Sum(), input.Confirmation.TargetCount);
        SettlementResult unsettled = Empty(SettlementReasons.GainNotSignificant, paid, holdout, members) with
        {
            Step = step.Size,
            Gain = gain.Total,
            GainError = gain.Error,
            Confirmation = confirmation,
        };
        if (!PairedGain.IsSignificant(gain.Total, gain.Error, input.Parameters.Significance))
        {
            return unsettled;
        }

        holdout = holdout with { After = judge.Losses(step.Weights, input.Holdout).Sum() };
        unsettled = unsettled with { Holdout = holdout, EmptyReason = SettlementReasons.HoldoutWorse, Cost = Cost() };
        if (holdout.After - holdout.Before > input.Parameters.HoldoutTolerance * holdout.Targets)
        {
            return unsettled;
        }

        judge.Stage = "credit";
        CandidateResult[] candidates = Credit(members, step, paid.Before, gain.Total);
        return unsettled with
        {
            Settled = true,
            EmptyReason = null,
            Candidates = candidates,
            Next = new Checkpoint(input.Shape, step.Weights),
            Cost = Cost(),
        };
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
        EmptyReason = reason,
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
