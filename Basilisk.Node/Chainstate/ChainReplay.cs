using System.Collections.Immutable;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Failures;
using Basilisk.Node.Judging;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Brings the chain back from its log. Every block passes all rules again; only the rounds' results are taken as recorded (they
/// were judged when they were appended, and <c>basilisk verify</c> judges them anew). Checkpoints whose files are missing or
/// damaged are rebuilt from the recorded results. Where a start-up snapshot fits the log, only what came after it is replayed.
/// </summary>
internal sealed class ChainReplay(
    ChainRules rules,
    ChainLog chainLog,
    CheckpointStore checkpoints,
    PayloadBook payloads,
    OutcomeService outcomes,
    ViewTree views,
    TimeProvider time,
    ILogger log,
    StartupSnapshots? startup = null)
{
    // Rounds are kept without their payloads' bytes: a long chain has more of them than memory.
    private readonly List<(RoundJudgement Question, ImmutableArray<Hash256> Standstill, RoundOutcome Outcome)> _rounds = [];

    private readonly ViewRestorer _restorer = new(rules, chainLog, views, outcomes.Remember);

    // Checkpoints that the log itself brings.
    private readonly HashSet<Hash256> _stored = [];

    private long _blocks;

    /// <summary>Every header of the log.</summary>
    public HeaderTree Headers { get; private set; } = new(rules, ChainState.Genesis(rules.Parameters).Head);

    public async Task<ChainView> RunAsync(CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        await chainLog.OpenAsync(cancellation);
        ViewLink tip = await FromSnapshotAsync(cancellation) ?? await FromBaseAsync(cancellation)
            ?? await FromAsync(views.Root(ChainView.Genesis(rules.Parameters)), 1, cancellation);
        log.Replayed(_blocks, time.GetElapsedTime(started).TotalSeconds, tip.View.State.Height, tip.View.Hash.ToString());
        return tip.View;
    }

    /// <summary>Replays what came after the start-up snapshot; null where there is none, or it does not do.</summary>
    private async Task<ViewLink?> FromSnapshotAsync(CancellationToken cancellation)
    {
        if (startup is null || await startup.ReadAsync(rules, chainLog, cancellation) is not { } point)
        {
            return null;
        }

        if (await chainLog.PrunedAsync(cancellation) is { } pruned && pruned.Place > point.Place)
        {
            startup.Drop($"payloads above height {point.View.Height} were pruned.");
            return null;
        }

        try
        {
            Headers = point.Headers;
            ViewLink tip = await FromAsync(views.Root(point.View), point.Place, cancellation);
            log.StartedFromSnapshot(point.View.State.Height);
            return tip;
        }
        catch (ChainLogCorruptException error)
        {
            // A reorganisation that went below it, or a checkpoint whose file is gone: the whole log says more.
            startup.Drop(error.Message);
            Headers = new HeaderTree(rules, ChainState.Genesis(rules.Parameters).Head);
            views.Clear();
            _rounds.Clear();
            payloads.Keep(new HashSet<Hash256>());
            return null;
        }
    }

    /// <summary>Replays what came after the base that pruning left; null where nothing was pruned.</summary>
    private async Task<ViewLink?> FromBaseAsync(CancellationToken cancellation)
    {
        if (await chainLog.PrunedAsync(cancellation) is not { } pruned)
        {
            return null;
        }

        ViewLink start = Enter(await LogStart.PrunedAsync(pruned, rules.Parameters, Headers, chainLog, cancellation), pruned.Place);
        return await FromAsync(start, pruned.Place, cancellation);
    }

    private async Task<ViewLink> FromAsync(ViewLink start, long version, CancellationToken cancellation)
    {
        _blocks = 0;
        ViewLink tip = start;
        await foreach (ChainLogEntry entry in chainLog.ReadAsync(version, cancellation))
        {
            if (entry.Snapshot is { } installed)
            {
                tip = Enter(await LogStart.InstalledAsync(installed, 0, rules.Parameters, Headers, chainLog.Snapshots, cancellation), entry.Sequence);
                continue;
            }

            if (entry.Block is null)
            {
                tip = await StepBackAsync(entry, tip, cancellation);
                continue;
            }

            tip = await ConnectAsync(tip, entry, cancellation);
            _blocks++;
        }

        await EnsureCheckpointsAsync(tip, cancellation);
        return tip;
    }

    /// <summary>The chain goes on from a state, checked again against the headers; what judging on it needs lies in the store.</summary>
    private ViewLink Enter(Verdict<LogStart> found, long sequence)
    {
        if (!found.TryGet(out LogStart? start, out Refusal? refusal))
        {
            throw new ChainLogCorruptException(sequence, $"the state that the chain goes on from does not do: {refusal}");
        }

        _stored.UnionWith(start.Checkpoints);
        views.Clear();
        return views.Root(start.View);
    }

    private async Task<ViewLink> ConnectAsync(ViewLink tip, ChainLogEntry entry, CancellationToken cancellation)
    {
        if (entry.Outcome is { } outcome)
        {
            // From the store each time: after blocks were taken off, a round that was over runs again.
            await payloads.LoadAsync(tip.View.State.Reveals().Select(unit => unit.PayloadHash), cancellation);
            RoundJudgement question = RoundJudgement.From(tip.View.State, payloads)
                ?? throw new ChainLogCorruptException(entry.Sequence, "it ends a round whose reveal phase is not over.");
            _rounds.Add((question with { Payloads = [.. question.Payloads.Select(payload => payload with { Payload = default })] }, CheckpointRebuilder.AsksFor(tip.View.Trail, outcome), outcome));
            outcomes.Remember(tip.View, outcome);
        }

        if (!rules.Connect(tip.View.State, entry.Block!, entry.Outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal))
        {
            throw new ChainLogCorruptException(entry.Sequence, $"block {entry.Block!.Height} {entry.Block.Hash} breaks a rule: {refusal}");
        }

        Headers.AddProven(entry.Block!.Header);
        ViewLink next = views.Extend(tip, connected);
        if (connected.RoundEnd is not null)
        {
            payloads.Keep(next.View.Trail.PastPayloads.ToHashSet());
            Retention.Prune(views, next.View);
        }

        return next;
    }

    private async Task<ViewLink> StepBackAsync(ChainLogEntry entry, ViewLink tip, CancellationToken cancellation)
    {
        if (tip.View.Hash != entry.Disconnected || Headers.Find(tip.View.Hash)?.Parent is not { } parent)
        {
            throw new ChainLogCorruptException(entry.Sequence, $"it takes off block {entry.Disconnected}, but the tip is {tip.View.Hash}.");
        }

        ViewLink below = views.Find(parent.Hash) ?? await _restorer.RestoreAsync(parent, null, cancellation)
            ?? throw new ChainLogCorruptException(entry.Sequence, $"it takes off block {entry.Disconnected}, whose parent cannot be made again.");
        if (rules.Parameters.Rounds.IsLastOfRound(tip.View.State.Height) && _rounds.Count > 0)
        {
            _rounds.RemoveAt(_rounds.Count - 1);
        }

        // Handed in again, it is judged again: the checkpoints of a chain that was left are not made anew.
        views.Remove(tip);
        return below;
    }

    /// <summary>Holds every checkpoint that a judgement on the chain, as deep as a reorganisation reaches, looks at.</summary>
    private async Task EnsureCheckpointsAsync(ViewLink tip, CancellationToken cancellation)
    {
        HashSet<Hash256> needed = Retention.Models(rules.Parameters, [.. views.Downwards(tip)]);
        foreach (Hash256 root in needed.Where(_stored.Contains))
        {
            await HasAsync(root, cancellation);
        }

        HashSet<Hash256> missing = [.. needed.Where(root => checkpoints.Find(root) is null)];

        // Back to a round whose checkpoint is there and that has every missing one after it.
        int first = _rounds.Count;
        while (first > 0 && (missing.Count > 0 || (first < _rounds.Count && !await HasAsync(_rounds[first].Question.ModelRoot, cancellation))))
        {
            first--;
            missing.Remove(_rounds[first].Outcome.NextModelRoot);
        }

        if (missing.Count > 0 || (first < _rounds.Count && !await HasAsync(_rounds[first].Question.ModelRoot, cancellation)))
        {
            throw new ChainLogCorruptException(chainLog.LastSequence, "checkpoints are missing, and what is replayed does not begin with one that is there.");
        }

        var rebuilder = new CheckpointRebuilder(rules.Parameters, checkpoints, payloads);
        for (int i = first; i < _rounds.Count; i++)
        {
            (RoundJudgement question, ImmutableArray<Hash256> standstill, RoundOutcome outcome) = _rounds[i];
            await payloads.LoadAsync(question.Payloads.Select(payload => payload.PayloadHash).Concat(standstill), cancellation);
            RevealedPayload[] whole = [.. question.Payloads.Select(payload => payload with { Payload = payloads.GetPayload(payload.PayloadHash) })];
            checkpoints.Put(rebuilder.Rebuild(question with { Payloads = [.. whole] }, standstill, outcome));

            // As it goes: a long chain has more checkpoints and payloads than there is memory.
            checkpoints.Keep(needed.Append(outcome.NextModelRoot).ToHashSet());
            payloads.Keep(new HashSet<Hash256>());
        }

        _rounds.Clear();
    }

    /// <summary>Whether a checkpoint is held; one that came with a snapshot is taken from the store.</summary>
    private async Task<bool> HasAsync(Hash256 root, CancellationToken cancellation)
    {
        if (checkpoints.Find(root) is null && _stored.Contains(root)
            && await chainLog.Snapshots.ReadCheckpointAsync(root, rules.Parameters.Model.Shape.ParameterCount, cancellation) is { } stored)
        {
            checkpoints.Put(stored);
        }

        return checkpoints.Find(root) is not null;
    }
}
