using Basilisk.Chain.Forks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Genesis;
using Basilisk.Node.Judging;
using Basilisk.Node.Snapshots;
using Basilisk.Store.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Basilisk.Node.Verification;

/// <summary>What replaying a log from genesis gave.</summary>
/// <param name="Height">Tip.</param>
/// <param name="Rounds">Rounds that ended, each judged anew.</param>
/// <param name="StateRoot">At the tip.</param>
/// <param name="ModelRoot">Checkpoint in force.</param>
/// <param name="Difference">The first thing that differs from the log; null where all is equal.</param>
/// <param name="From">Height that was verified from: 0, or that of the snapshot that the log begins with.</param>
public sealed record VerificationResult(long Height, long Rounds, string StateRoot, string ModelRoot, string? Difference, long From = 0);

/// <summary>
/// Replays a node's log from genesis and believes nothing in it: every block passes every rule, every round is judged again, and
/// every checkpoint is made again from payloads. Stops at the first difference. A log that begins with a snapshot, or whose old
/// payloads were pruned, is verified from there on, and the state there against the headers, whose work and rules are checked from
/// genesis.
/// </summary>
public sealed class ChainVerifier(Network network, IEventStore store, ILossEvaluator evaluator)
{
    /// <param name="progress">Told the height after each block.</param>
    /// <param name="cancellation">Stops between blocks and inside judging.</param>
    public async Task<VerificationResult> RunAsync(IProgress<long>? progress, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-verify").FullName;
        try
        {
            return await ReplayAsync(folder, progress, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<VerificationResult> ReplayAsync(string folder, IProgress<long>? progress, CancellationToken cancellation)
    {
        var rules = new ChainRules(network.Parameters, new Chain.ProofOfWork.KeccakProofOfWork());
        var facts = new ChainFacts(network.Parameters, network.Artefacts.HoldoutBytesPerToken);
        var log = new ChainLog(store, network.Parameters, facts);
        await log.OpenAsync(cancellation);
        var checkpoints = new CheckpointStore(folder, network.Parameters.Model.Shape.ParameterCount, NullLogger.Instance);
        checkpoints.Put(network.Artefacts.Checkpoint);
        var payloads = new PayloadBook(store);
        var judge = new RoundJudge(network.Parameters, network.Artefacts.Corpus, checkpoints, payloads, evaluator);
        var views = new ViewTree();
        ViewLink tip = views.Root(ChainView.Genesis(network.Parameters));
        HeaderTree headers = Headers(rules);
        var restorer = new ViewRestorer(rules, log, views, null); // A block that is made again was judged when it was met first.
        long rounds = 0;
        long from = 0;
        long after = 1;
        if (await log.PrunedAsync(cancellation) is { } pruned)
        {
            Verdict<LogStart> start = await LogStart.PrunedAsync(pruned, network.Parameters, headers, log, cancellation);
            if (!(await EnterAsync(start, log, checkpoints, cancellation)).TryGet(out ChainView? view, out Refusal? wrong))
            {
                return Result(tip, rounds, $"the state at height {pruned.Height}, below which payloads were pruned, does not do: {wrong}", from);
            }

            views.Clear();
            tip = views.Root(view);
            from = view.Height;
            after = pruned.Place;
        }

        await foreach (ChainLogEntry entry in log.ReadAsync(after, cancellation))
        {
            if (entry.Snapshot is { } installed)
            {
                Verdict<LogStart> start = await LogStart.InstalledAsync(installed, 0, network.Parameters, headers, log.Snapshots, cancellation);
                if (!(await EnterAsync(start, log, checkpoints, cancellation)).TryGet(out ChainView? view, out Refusal? wrong))
                {
                    return Result(tip, rounds, $"the snapshot at event {entry.Sequence} does not do: {wrong}", from);
                }

                views.Clear();
                tip = views.Root(view);
                from = view.Height;
                continue;
            }

            if (entry.Block is null)
            {
                if (tip.View.Hash != entry.Disconnected
                    || headers.Find(tip.View.Hash)?.Parent is not { } parent
                    || (views.Find(parent.Hash) ?? await restorer.RestoreAsync(parent, null, cancellation)) is not { } below)
                {
                    return Result(tip, rounds, $"event {entry.Sequence} takes off block {entry.Disconnected}, but the tip is {tip.View.Hash}", from);
                }

                tip = below;
                continue;
            }

            RoundOutcome? outcome = rules.NeedsOutcome(tip.View.State) ? await JudgeAsync(judge, tip.View, payloads, cancellation) : null;
            rounds += outcome is null ? 0 : 1;
            if (outcome != entry.Outcome)
            {
                return Result(tip, rounds, $"round {outcome?.Round} is judged {outcome?.Hash}, the log at event {entry.Sequence} says {entry.Outcome?.Hash}", from);
            }

            if (!rules.Connect(tip.View.State, entry.Block, outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal))
            {
                return Result(tip, rounds, $"block {entry.Block.Height} {entry.Block.Hash} at event {entry.Sequence} breaks a rule: {refusal}", from);
            }

            headers.AddProven(entry.Block.Header);
            tip = views.Extend(tip, connected);
            if (outcome is not null)
            {
                Retention.Prune(views, tip.View);
                Retention.LetGo(network.Parameters, views.All(), [], checkpoints, payloads);
            }

            progress?.Report(tip.View.Height);
        }

        return Result(tip, rounds, null, from);
    }

    private HeaderTree Headers(ChainRules rules) => new(rules, ChainState.Genesis(network.Parameters).Head);

    /// <summary>A view that the log goes on from, with its checkpoints taken from the store.</summary>
    private async Task<Verdict<ChainView>> EnterAsync(Verdict<LogStart> found, ChainLog log, CheckpointStore checkpoints, CancellationToken cancellation)
    {
        if (!found.TryGet(out LogStart? start, out Refusal? refusal))
        {
            return refusal;
        }

        ChainView view = start.View;
        foreach (Hash256 root in view.Trail.PastModels.Prepend(view.State.ModelRoot).Distinct().Where(root => checkpoints.Find(root) is null))
        {
            if (await log.Snapshots.ReadCheckpointAsync(root, network.Parameters.Model.Shape.ParameterCount, cancellation) is not { } checkpoint)
            {
                return new Refusal(RefusalKind.State, SnapshotTokens.CheckpointMissing, $"Checkpoint {root} is not in the store, or is not what its root says.");
            }

            checkpoints.Put(checkpoint);
        }

        return view;
    }

    private static async Task<RoundOutcome> JudgeAsync(RoundJudge judge, ChainView view, PayloadBook payloads, CancellationToken cancellation)
    {
        await payloads.LoadAsync(view.JudgedPayloads, cancellation);
        return judge.Judge(RoundJudgement.From(view.State, payloads)!, view.Trail, null, cancellation).Outcome;
    }

    private static VerificationResult Result(ViewLink tip, long rounds, string? difference, long from) => new(
        tip.View.Height, rounds, tip.View.State.Root.ToString(), tip.View.State.ModelRoot.ToString(), difference, from);
}
