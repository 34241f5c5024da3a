using System.Collections.Immutable;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Makes the checkpoints again that judging on an old view asks for, from the recorded results: a fork deeper than finality, which
/// an operator chose, stands on models that the node let go.
/// </summary>
internal sealed class CheckpointRecovery(NetworkParameters parameters, ChainLog chainLog, CheckpointStore checkpoints, PayloadBook payloads, ViewRestorer restorer)
{
    /// <param name="block">The view's block.</param>
    /// <param name="link">The view.</param>
    /// <param name="cancellation">Stops between rounds.</param>
    public async Task EnsureAsync(HeaderNode block, ViewLink link, CancellationToken cancellation)
    {
        HashSet<Hash256> missing = [.. Retention.Models(parameters, [link.View]).Where(root => checkpoints.Find(root) is null)];
        var rounds = new Stack<HeaderNode>();
        for (HeaderNode? end = EndOfRound(block); end?.Parent is not null && missing.Count > 0; end = Before(end))
        {
            if (end.ModelRoot == end.Parent.ModelRoot)
            {
                continue;
            }

            // Down to the round whose own checkpoint is held, or can be made from one that is.
            rounds.Push(end);
            missing.Remove(end.ModelRoot);
            if (checkpoints.Find(end.Parent.ModelRoot) is null)
            {
                missing.Add(end.Parent.ModelRoot);
            }
        }

        while (rounds.TryPop(out HeaderNode? end))
        {
            if (checkpoints.Find(end.ModelRoot) is null)
            {
                await RebuildAsync(end, cancellation);
            }
        }
    }

    private async Task RebuildAsync(HeaderNode end, CancellationToken cancellation)
    {
        ViewLink before = await restorer.RestoreAsync(end.Parent!, null, cancellation)
            ?? throw new InvalidOperationException($"The blocks below height {end.Height} are not in the log any more.");
        ChainLogEntry entry = await chainLog.ReadBlockAsync(end.Hash, cancellation)
            ?? throw new InvalidOperationException($"Block {end.Height} is not in the log any more.");
        ImmutableArray<Hash256> standstill = CheckpointRebuilder.AsksFor(before.View.Trail, entry.Outcome!);
        await payloads.LoadAsync(before.View.State.Reveals().Select(unit => unit.PayloadHash).Concat(standstill), cancellation);
        RoundJudgement question = RoundJudgement.From(before.View.State, payloads)
            ?? throw new InvalidOperationException($"Block {end.Height} ends a round whose reveal phase is not over.");
        checkpoints.Put(new CheckpointRebuilder(parameters, checkpoints, payloads).Rebuild(question, standstill, entry.Outcome!));
    }

    private HeaderNode? EndOfRound(HeaderNode block) => parameters.Rounds.IsLastOfRound(block.Height) ? block : Before(block);

    private HeaderNode? Before(HeaderNode block)
    {
        ulong round = parameters.Rounds.RoundOf(block.Height);
        return round == 0 ? null : HeaderTree.AncestorAt(block, parameters.Rounds.LastHeightOf(round - 1));
    }
}
