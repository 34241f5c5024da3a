using System.Collections.Immutable;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Judging;

namespace Basilisk.Node.Checkpoints;

/// <summary>Makes C_{r+1} from C_r and a recorded result, without judging again.</summary>
public sealed class CheckpointRebuilder(NetworkParameters parameters, CheckpointStore checkpoints, PayloadBook payloads)
{
    /// <param name="question">With the round's payloads.</param>
    /// <param name="standstill">Of <see cref="AsksFor"/>; the book holds the payloads.</param>
    /// <param name="outcome">The recorded result.</param>
    /// <exception cref="InvalidOperationException">C_r is not held, or the result does not lead to the checkpoint it names.</exception>
    public Checkpoint Rebuild(RoundJudgement question, ImmutableArray<Hash256> standstill, RoundOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(outcome);
        Checkpoint current = checkpoints.Get(question.ModelRoot);
        if (!outcome.Settled)
        {
            return current;
        }

        Dictionary<Hash256, ContributionOutcome> found = outcome.Contributions.ToDictionary(contribution => contribution.Unit);
        Candidate[] candidates = [.. question.Payloads.Select(payload => new Candidate(payload.Unit, Decode(payload.Payload)))];
        var step = new StepSize((int)outcome.StepHalves, 2);
        Checkpoint next = outcome.Pays
            ? RoundSettlement.Apply(current, candidates, step, [.. candidates.Select(candidate => found[candidate.Id].Weight)])
            : RoundSettlement.ApplyPublicStep(
                current,
                standstill.Select(hash => Decode(payloads.GetPayload(hash))),
                candidates.Where(candidate => found[candidate.Id].ProbeGain > 0).Select(candidate => candidate.Delta),
                step);
        return next.Root == outcome.NextModelRoot
            ? next
            : throw new InvalidOperationException($"Round {outcome.Round} rebuilds to checkpoint {next.Root}; its result names {outcome.NextModelRoot}.");
    }

    /// <summary>Payloads of earlier rounds that a result is rebuilt from: of a standstill, where the round moved along what that made public.</summary>
    public static ImmutableArray<Hash256> AsksFor(RoundTrail trail, RoundOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(trail);
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.IsPublicStep ? [.. trail.Standstill(outcome.ModelRoot)] : [];
    }

    /// <summary>A payload of the chain. One that cannot be decoded makes its block invalid, so this always can.</summary>
    public SparseDelta Decode(ReadOnlyMemory<byte> payload) =>
        PayloadCodec.TryDecode(payload.Span, parameters.Model.Shape.ParameterCount, parameters.Payload, out SparseDelta? delta, out PayloadRefusal? refusal)
            ? delta
            : throw new InvalidOperationException($"A payload of the chain is malformed: {refusal.Token}.");
}
