using System.Collections.Immutable;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;

namespace Basilisk.Chain.Settlement;

/// <summary>From the settlement's arithmetic to the chain's record of it.</summary>
public static class RoundOutcomes
{
    /// <summary>The outcome of a judged round.</summary>
    /// <param name="judgement">What was asked.</param>
    /// <param name="result">What the settlement found; its candidates are named by their units' hashes.</param>
    /// <exception cref="ArgumentException">The result's candidates are not the judgement's payloads.</exception>
    public static RoundOutcome From(RoundJudgement judgement, SettlementResult result)
    {
        ArgumentNullException.ThrowIfNull(judgement);
        ArgumentNullException.ThrowIfNull(result);
        Dictionary<Hash256, CandidateResult> found = result.Candidates.ToDictionary(candidate => candidate.Id);
        if (found.Count != judgement.Payloads.Length || judgement.Payloads.Any(payload => !found.ContainsKey(payload.Unit)))
        {
            throw new ArgumentException($"The result names {found.Count} candidates, not the round's {judgement.Payloads.Length} units.", nameof(result));
        }

        return new RoundOutcome(
            judgement.Round,
            judgement.ModelRoot,
            judgement.EvaluationSeed,
            result.Settled,
            result.UnpaidReason ?? string.Empty,
            result.Gain ?? 0,
            result.GainError ?? 0,
            (uint)(2 * result.Step.Numerator / result.Step.Denominator),
            Losses(result),
            judgement.Payloads.Select(payload => Contribution(payload, found[payload.Unit])).ToImmutableArray(),
            result.Next.Root);
    }

    private static ContributionOutcome Contribution(RevealedPayload payload, CandidateResult result) => new(
        payload.Unit,
        payload.Miner,
        result.Gain,
        result.GainError,
        result.FreshGain,
        result.Accepted,
        result.Accepted ? string.Empty : result.Reason,
        result.Weight,
        result.LeaveOneOut,
        result.Share,
        result.Credit);

    private static RoundLosses Losses(SettlementResult result) => new(
        result.Paid?.Before ?? 0,
        After(result.Paid),
        result.Confirmation?.Before ?? 0,
        After(result.Confirmation),
        result.Holdout?.Before ?? 0,
        After(result.Holdout));

    private static long After(BatchLoss? loss) => loss?.After ?? loss?.Before ?? 0;
}
