using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// The settlement of a round (protocol §7, numbers in docs/numbers-settlement.md): a pure function of its input and the judge.
/// Permuting the candidates permutes the results and changes nothing else.
/// </summary>
public static class RoundSettlement
{
    /// <summary>Largest σ of the protocol.</summary>
    private const int MaxStep = 8;

    /// <summary>Judges a round.</summary>
    /// <param name="input">The round.</param>
    /// <param name="judge">Any implementation; all return the same integers.</param>
    /// <param name="progress">Told after each evaluation, if wanted.</param>
    /// <param name="cancellation">Stops between evaluations and inside them.</param>
    /// <exception cref="ArgumentException">The input contradicts itself: shapes, ids or batch sizes.</exception>
    public static SettlementResult Settle(
        SettlementInput input,
        ILossEvaluator judge,
        IProgress<SettlementProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(judge);
        input.Validate();
        return new SettlementRun(input, new MeteredJudge(input.Shape, judge, progress, cancellation)).Run();
    }

    /// <summary>C_{r+1} from a recorded result, without judging.</summary>
    /// <param name="input">The round; its batches are not looked at.</param>
    /// <param name="result">The recorded result.</param>
    public static Checkpoint Apply(SettlementInput input, SettlementResult result)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(result);
        if (result.Pays)
        {
            return Apply(input.Current, input.Candidates, result.Step, [.. result.Candidates.Select(candidate => candidate.Weight)]);
        }

        return result.Settled
            ? Move(input.Current, Standstill.Of(input, [.. result.Candidates.Select(candidate => candidate.Gain > 0)]), result.Step)
            : input.Current;
    }

    /// <summary>C_{r+1} from what must be remembered of a round that paid: its step, and each candidate's weight (0 for the refused).</summary>
    /// <param name="current">C_r.</param>
    /// <param name="candidates">All candidates of the round: the refused ones count in the median norm.</param>
    /// <param name="step">σ.</param>
    /// <param name="weights">w in Q16, in the candidates' order.</param>
    /// <exception cref="ArgumentException">There is not one weight per candidate, no weight above zero, or a step outside (0, 8].</exception>
    public static Checkpoint Apply(Checkpoint current, IReadOnlyList<Candidate> candidates, StepSize step, IReadOnlyList<int> weights)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(weights);
        long total = weights.Sum(weight => (long)weight);
        if (weights.Count != candidates.Count || total <= 0 || !IsSize(step))
        {
            throw new ArgumentException($"A round that pays has a step and one weight per candidate, not {step} and {weights.Count} for {candidates.Count}.", nameof(weights));
        }

        return new Checkpoint(current.Shape, ModelUpdate.Step(current, NormClip.ClipAll(candidates), weights, total, step.Reduced()));
    }

    /// <summary>C_{r+1} of a round that paid nobody and moved along what a standstill had made public.</summary>
    /// <param name="current">C_r.</param>
    /// <param name="standstill">Every payload of the rounds, from r − 1 on back and at most eight, in which C_r was in force too.</param>
    /// <param name="gaining">The round's own payloads whose probe gained.</param>
    /// <param name="step">σ.</param>
    /// <exception cref="ArgumentException">No payload of a standstill, or a step outside (0, 8].</exception>
    public static Checkpoint ApplyPublicStep(Checkpoint current, IEnumerable<SparseDelta> standstill, IEnumerable<SparseDelta> gaining, StepSize step)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(standstill);
        ArgumentNullException.ThrowIfNull(gaining);
        return Move(current, Standstill.Of(standstill, gaining), step);
    }

    private static Checkpoint Move(Checkpoint current, Standstill? standstill, StepSize step) => standstill is not null && IsSize(step)
        ? new Checkpoint(current.Shape, ModelUpdate.Step(current, standstill.Deltas, standstill.Weights, standstill.Deltas.Count, step.Reduced()))
        : throw new ArgumentException($"A public step has payloads of a standstill and a size up to {MaxStep}, not {step}.", nameof(step));

    private static bool IsSize(StepSize step) => step.Numerator > 0 && step.Denominator > 0 && step.Numerator <= MaxStep * (long)step.Denominator;
}
