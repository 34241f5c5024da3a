using Basilisk.Chain.Parameters;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;

namespace Basilisk.Node.Judging;

/// <summary>What judging a round gave, and what it took.</summary>
public sealed record Judged(RoundOutcome Outcome, SettlementCost? Cost);

/// <summary>
/// Answers a round's question: draws the batches from the seed, gathers what the public already knew, and runs the settlement of
/// Basilisk.Exact. The same bits on every machine; the evaluator is the only part that devices differ in, and only in speed.
/// </summary>
public sealed class RoundJudge(NetworkParameters parameters, TokenCorpus corpus, CheckpointStore checkpoints, PayloadBook payloads, ILossEvaluator evaluator)
{
    private readonly BatchSampler _sampler = new(corpus, parameters.Model.Shape.Context);
    private readonly CheckpointRebuilder _decoder = new(parameters, checkpoints, payloads);

    /// <summary>Judges. The payloads of the round and those that the trail names must be loaded.</summary>
    public Judged Judge(RoundJudgement judgement, RoundTrail trail, IProgress<SettlementProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(judgement);
        ArgumentNullException.ThrowIfNull(trail);
        if (judgement.Payloads.IsEmpty)
        {
            return new Judged(RoundOutcome.Empty(judgement.Round, judgement.ModelRoot, judgement.EvaluationSeed), null);
        }

        JudgingParameters judging = parameters.Judging;
        JudgingBatches batches = _sampler.DrawJudging(judgement.EvaluationSeed, judging.PaidWindows, judging.ConfirmationWindows);
        SettlementResult result = RoundSettlement.Settle(
            new SettlementInput
            {
                Shape = parameters.Model.Shape,
                Parameters = judging.Settlement,
                Current = checkpoints.Get(judgement.ModelRoot),
                Origin = checkpoints.Get(parameters.Model.GenesisModelRoot),
                Past = [.. trail.PastModels.Select(checkpoints.Get)],
                PastPayloads = [.. trail.Ended.Select(round => Decode(round.Payloads))],
                Candidates = Candidates(judgement),
                Paid = batches.Paid,
                Confirmation = batches.Confirmation,
                Holdout = _sampler.Holdout(judging.HoldoutWindows),
            },
            evaluator,
            progress,
            cancellation);
        checkpoints.Put(result.Next);
        return new Judged(RoundOutcomes.From(judgement, result), result.Cost);
    }

    private SparseDelta[] Decode(IEnumerable<Hash256> hashes) => [.. hashes.Select(hash => _decoder.Decode(payloads.GetPayload(hash)))];

    private Candidate[] Candidates(RoundJudgement judgement) =>
        [.. judgement.Payloads.Select(payload => new Candidate(payload.Unit, _decoder.Decode(payload.Payload)))];
}
