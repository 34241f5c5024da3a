using Basilisk.Chain.Parameters;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;

namespace Basilisk.Node.Checkpoints;

/// <summary>Makes C_{r+1} from C_r and a recorded result, without judging again.</summary>
public sealed class CheckpointRebuilder(NetworkParameters parameters, CheckpointStore checkpoints)
{
    /// <exception cref="InvalidOperationException">C_r is not held, or the result does not lead to the checkpoint it names.</exception>
    public Checkpoint Rebuild(RoundJudgement question, RoundOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(outcome);
        Checkpoint current = checkpoints.Get(question.ModelRoot);
        if (!outcome.Settled)
        {
            return current;
        }

        Dictionary<Hash256, int> weights = outcome.Contributions.ToDictionary(contribution => contribution.Unit, contribution => (int)contribution.Weight);
        Candidate[] candidates = [.. question.Payloads.Select(payload => new Candidate(payload.Unit, Decode(payload.Payload)))];
        Checkpoint next = RoundSettlement.Apply(current, candidates, new StepSize((int)outcome.StepHalves, 2), [.. candidates.Select(candidate => weights[candidate.Id])]);
        return next.Root == outcome.NextModelRoot
            ? next
            : throw new InvalidOperationException($"Round {outcome.Round} rebuilds to checkpoint {next.Root}; its result names {outcome.NextModelRoot}.");
    }

    /// <summary>A payload of the chain. One that cannot be decoded makes its block invalid, so this always can.</summary>
    public SparseDelta Decode(ReadOnlyMemory<byte> payload) =>
        PayloadCodec.TryDecode(payload.Span, parameters.Model.Shape.ParameterCount, parameters.Payload, out SparseDelta? delta, out PayloadRefusal? refusal)
            ? delta
            : throw new InvalidOperationException($"A payload of the chain is malformed: {refusal.Token}.");
}
