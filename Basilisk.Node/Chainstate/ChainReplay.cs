using Basilisk.Chain.Forks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Failures;
using Basilisk.Node.Judging;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Brings the chain back from its log. Every block passes all rules again; only the rounds' results are taken as recorded (they
/// were judged when they were appended, and <c>basilisk verify</c> judges them anew). Checkpoints whose files are missing or
/// damaged are rebuilt from the recorded results.
/// </summary>
internal sealed class ChainReplay(
    ChainRules rules,
    ChainLog chainLog,
    CheckpointStore checkpoints,
    PayloadBook payloads,
    OutcomeService outcomes,
    ViewTree views,
    TimeProvider time,
    ILogger log)
{
    // Rounds are kept without their payloads' bytes: a long chain has more of them than memory.
    private readonly List<(RoundJudgement Question, RoundOutcome Outcome)> _rounds = [];

    /// <summary>Every header of the log.</summary>
    public HeaderTree Headers { get; private set; } = new(rules, ChainState.Genesis(rules.Parameters).Head);

    public async Task<ChainView> RunAsync(CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        await chainLog.OpenAsync(cancellation);
        ViewLink tip = views.Root(new ChainView(ChainState.Genesis(rules.Parameters), RoundTrail.Start, ChainTotals.Zero));
        var path = new Stack<ViewLink>();
        long blocks = 0;
        await foreach (ChainLogEntry entry in chainLog.ReadAsync(cancellation))
        {
            if (entry.Block is null)
            {
                tip = StepBack(path, entry, tip);
                continue;
            }

            path.Push(tip);
            tip = Connect(tip, entry);
            blocks++;
        }

        await EnsureCheckpointsAsync(tip.View, cancellation);
        log.Replayed(blocks, time.GetElapsedTime(started).TotalSeconds, tip.View.State.Height, tip.View.Hash.ToString());
        return tip.View;
    }

    private ViewLink Connect(ViewLink tip, ChainLogEntry entry)
    {
        for (int i = 0; i < entry.Block!.Payloads.Length; i++)
        {
            payloads.Hold(entry.Block.PayloadHashes[i], entry.Block.Payloads[i]);
        }

        if (entry.Outcome is { } outcome)
        {
            RoundJudgement question = RoundJudgement.From(tip.View.State, payloads)
                ?? throw new ChainLogCorruptException(entry.Sequence, "it ends a round whose reveal phase is not over.");
            _rounds.Add((question with { Payloads = [.. question.Payloads.Select(payload => payload with { Payload = default })] }, outcome));
            outcomes.Remember(tip.View, outcome);
        }

        if (!rules.Connect(tip.View.State, entry.Block, entry.Outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal))
        {
            throw new ChainLogCorruptException(entry.Sequence, $"block {entry.Block.Height} {entry.Block.Hash} breaks a rule: {refusal}");
        }

        Headers.Add(entry.Block.Header);
        ViewLink next = views.Extend(tip, connected);
        if (connected.RoundEnd is not null)
        {
            payloads.Keep(next.View.Trail.PreviousPayloads.ToHashSet());
        }

        return next;
    }

    private ViewLink StepBack(Stack<ViewLink> path, ChainLogEntry entry, ViewLink tip)
    {
        if (tip.View.Hash != entry.Disconnected || !path.TryPop(out ViewLink? below))
        {
            throw new ChainLogCorruptException(entry.Sequence, $"it takes off block {entry.Disconnected}, but the tip is {tip.View.Hash}.");
        }

        if (tip.Connected?.RoundEnd is not null)
        {
            _rounds.RemoveAt(_rounds.Count - 1);
        }

        return below;
    }

    /// <summary>Holds the checkpoint in force and those before it that judging looks back at.</summary>
    private async Task EnsureCheckpointsAsync(ChainView tip, CancellationToken cancellation)
    {
        List<Hash256> needed = [tip.State.ModelRoot, .. tip.Trail.PastModels];
        if (needed.TrueForAll(root => checkpoints.Find(root) is not null))
        {
            return;
        }

        // From the last round at which nothing older is missing, apply the recorded results once more.
        int first = _rounds.Count;
        while (first > 0 && (first > _rounds.Count - needed.Count || checkpoints.Find(_rounds[first].Question.ModelRoot) is null))
        {
            first--;
        }

        var rebuilder = new CheckpointRebuilder(rules.Parameters, checkpoints);
        for (int i = first; i < _rounds.Count; i++)
        {
            (RoundJudgement question, RoundOutcome outcome) = _rounds[i];
            await payloads.LoadAsync(question.Payloads.Select(payload => payload.PayloadHash), cancellation);
            RevealedPayload[] whole = [.. question.Payloads.Select(payload => payload with { Payload = payloads.GetPayload(payload.PayloadHash) })];
            checkpoints.Put(rebuilder.Rebuild(question with { Payloads = [.. whole] }, outcome));
        }
    }
}
