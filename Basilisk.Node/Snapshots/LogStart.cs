using System.Collections.Immutable;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>A view that the log holds as bytes, from which it goes on: an installed snapshot, or the base that pruning left.</summary>
/// <param name="View">The view; its state is that of the block's header.</param>
/// <param name="Checkpoints">Checkpoints that lie in the store.</param>
/// <param name="Place">Version of the event that put its block on.</param>
internal sealed record LogStart(ChainView View, ImmutableHashSet<Hash256> Checkpoints, long Place)
{
    /// <summary>An installed snapshot. Its headers, from height 1 on, go into the tree and are checked there.</summary>
    public static async Task<Verdict<LogStart>> InstalledAsync(
        SnapshotInstalled installed, long place, NetworkParameters parameters, HeaderTree headers, SnapshotStore store, CancellationToken cancellation) =>
        (await store.ReadHeadersAsync(installed, headers, cancellation)).TryGet(out HeaderNode? block, out Refusal? refusal)
            ? await ReadAsync(installed.View, installed.Checkpoints, place, block, parameters, store, cancellation)
            : refusal;

    /// <summary>The base that pruning left. Headers of blocks up to there are read from the log, go into the tree and are checked there.</summary>
    public static async Task<Verdict<LogStart>> PrunedAsync(
        PayloadsPruned pruned, NetworkParameters parameters, HeaderTree headers, ChainLog chainLog, CancellationToken cancellation)
    {
        await foreach (LoggedHeader entry in chainLog.ReadHeadersAsync(pruned.Place, cancellation))
        {
            Refusal? refusal;
            if (entry.Snapshot is { } installed)
            {
                refusal = (await chainLog.Snapshots.ReadHeadersAsync(installed, headers, cancellation)).Refusal;
            }
            else
            {
                refusal = headers.Add(entry.Header!).Refusal;
            }

            if (refusal is not null)
            {
                return refusal;
            }
        }

        return headers.Find(Hash256.Parse(pruned.Hash)) is { } block
            ? await ReadAsync(pruned.View, pruned.Checkpoints, pruned.Place, block, parameters, chainLog.Snapshots, cancellation)
            : new Refusal(RefusalKind.Header, SnapshotTokens.HeadersMissing, $"The log does not put block {pruned.Hash} on before version {pruned.Place}.");
    }

    private static async Task<Verdict<LogStart>> ReadAsync(
        string name, IReadOnlyList<string> checkpoints, long place, HeaderNode block, NetworkParameters parameters, SnapshotStore store, CancellationToken cancellation)
    {
        if (!(await store.ReadViewAsync(name, parameters, block, cancellation)).TryGet(out ChainView? view, out Refusal? refusal))
        {
            return refusal;
        }

        return SnapshotTrail.Check(view, block) is { } wrong ? wrong : new LogStart(view, [.. checkpoints.Select(Hash256.Parse)], place);
    }
}
