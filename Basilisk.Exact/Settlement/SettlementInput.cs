using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Settlement;

/// <summary>One reveal to judge.</summary>
/// <param name="Id">Names it within the round, e.g. its work unit's hash; ties go to the lowest.</param>
/// <param name="Delta">The decoded payload.</param>
public sealed record Candidate(Hash256 Id, SparseDelta Delta);

/// <summary>Everything a round's result is a function of.</summary>
public sealed record SettlementInput
{
    public required ModelShape Shape { get; init; }

    public required SettlementParameters Parameters { get; init; }

    /// <summary>C_r, the checkpoint in force.</summary>
    public required Checkpoint Current { get; init; }

    /// <summary>C_{r−1}, C_{r−2}, … newest first, as many of the last eight as exist.</summary>
    public required IReadOnlyList<Checkpoint> Past { get; init; }

    /// <summary>C_0, the checkpoint of genesis.</summary>
    public required Checkpoint Origin { get; init; }

    /// <summary>
    /// Every payload revealed in rounds r − 1, r − 2, …, newest round first, as decoded. Of the rounds before r − 1, only those that left the
    /// model as it was are looked at: any other's list may be empty. A list may be shorter than <see cref="Past"/>, never longer than eight.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<SparseDelta>> PastPayloads { get; init; }

    /// <summary>The round's valid reveals, in any order; their ids differ.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>P; at least two sequences.</summary>
    public required TokenBatch Paid { get; init; }

    /// <summary>Q; at least two sequences, no token in common with P.</summary>
    public required TokenBatch Confirmation { get; init; }

    /// <summary>H, the same every round.</summary>
    public required TokenBatch Holdout { get; init; }

    internal void Validate()
    {
        Parameters.Validate();
        RequireShape(Current, nameof(Current));
        RequireShape(Origin, nameof(Origin));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Past.Count, SettlementParameters.MaxPast, nameof(Past));
        foreach (Checkpoint past in Past)
        {
            RequireShape(past, nameof(Past));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(PastPayloads.Count, SettlementParameters.MaxPast, nameof(PastPayloads));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Candidates.Count, SettlementParameters.MaxCandidates, nameof(Candidates));
        if (Candidates.Select(candidate => candidate.Id).Distinct().Count() != Candidates.Count)
        {
            throw new ArgumentException("Two candidates have one id; give each work unit's reveal its own.", nameof(Candidates));
        }

        int count = Current.Weights.Length;
        if (Candidates.Any(candidate => candidate.Delta.Dimension != count) || PastPayloads.Any(round => round.Any(payload => payload.Dimension != count)))
        {
            throw new ArgumentException($"Every delta of the round is made for {count} weights.", nameof(Candidates));
        }

        RequireBatch(Paid, 2, nameof(Paid));
        RequireBatch(Confirmation, 2, nameof(Confirmation));
        RequireBatch(Holdout, 1, nameof(Holdout));
    }

    private void RequireShape(Checkpoint checkpoint, string name)
    {
        if (checkpoint.Shape != Shape)
        {
            throw new ArgumentException($"The checkpoint has another shape than the round's: {checkpoint.Shape}.", name);
        }
    }

    private static void RequireBatch(TokenBatch batch, int sequences, string name)
    {
        if (batch.Sequences < sequences || batch.TargetCount > SettlementParameters.MaxBatchTargets)
        {
            throw new ArgumentException(
                $"A batch has at least {sequences} sequences and at most {SettlementParameters.MaxBatchTargets} targets, not {batch.Sequences} and {batch.TargetCount}.",
                name);
        }
    }
}
