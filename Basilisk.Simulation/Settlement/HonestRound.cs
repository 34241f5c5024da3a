using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;

namespace Basilisk.Simulation.Settlement;

/// <summary>One round of honest participants, and what others trained meanwhile without sending it.</summary>
/// <param name="Number">r.</param>
/// <param name="Question">The round as it was judged.</param>
/// <param name="Result">What judging gave.</param>
/// <param name="Next">C_{r+1}: the result's, or C_r where the trajectory emptied the round.</param>
/// <param name="Work">Deltas of those who trained from C_r too, by worker.</param>
internal sealed record HonestRound(
    int Number,
    SettlementInput Question,
    SettlementResult Result,
    Checkpoint Next,
    IReadOnlyDictionary<string, SparseDelta> Work)
{
    /// <summary>C_r.</summary>
    public Checkpoint Current => Question.Current;

    /// <summary>Honest payloads, public once the round is over.</summary>
    public IReadOnlyList<SparseDelta> Payloads { get; } = [.. Question.Candidates.Select(candidate => candidate.Delta)];

    /// <summary>The payload that was paid best; the first where none was paid.</summary>
    public SparseDelta BestPayload => Payloads[Enumerable.Range(0, Payloads.Count).MaxBy(i => Result.Candidates[i].Credit)];
}
