using System.Text.Json;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Store;
using Basilisk.Store.Events;

namespace Basilisk.Node.Snapshots;

/// <summary>
/// Deletes payloads that nothing asks for any more, where the operator chose not to keep an archive. Before it does, it writes down
/// a view at the end of a round, the base, with the checkpoints that judging on it looks back at: a start, and <c>verify</c>, begin
/// there. Above the base lie more settled rounds than finality undoes, and every snapshot that is offered. Called by the writer
/// alone; the store is written in the background.
/// </summary>
/// <param name="store">The log and its blobs.</param>
/// <param name="chainLog">Knows where blocks lie in the log.</param>
/// <param name="checkpoints">The checkpoints held.</param>
/// <param name="log">Told what was deleted, and of a store that fails.</param>
/// <param name="isEnabled">Off: nothing is deleted; what was deleted before stays so.</param>
public sealed class PayloadPruning(IEventStore store, ChainLog chainLog, CheckpointStore checkpoints, ILogger log, bool isEnabled) : IAsyncDisposable
{
    /// <summary>Bases before the last one that deleting looks back at.</summary>
    private const int EarlierBases = 2;

    private volatile ChainView? _candidate;
    private Task _working = Task.CompletedTask;

    /// <summary>Payloads of blocks above this height are held; 0 for all.</summary>
    public ulong HeldFrom { get; private set; }

    /// <summary>A view that is to become the base: what judging on it asks for has to be kept.</summary>
    internal IReadOnlyCollection<ChainView> Held => _candidate is { } candidate ? [candidate] : [];

    /// <summary>Completes when what was begun is done.</summary>
    internal Task Working => _working;

    public async ValueTask DisposeAsync() => await _working;

    /// <summary>The base that an earlier pruning left, or null.</summary>
    public static async Task<PayloadsPruned?> ReadAsync(IEventStore store, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        long version = await store.StreamVersionAsync(ChainEvents.PruningStream, cancellation);
        if (version == 0)
        {
            return null;
        }

        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.PruningStream, version, cancellation))
        {
            return Read(stored);
        }

        return null;
    }

    /// <summary>Looks what was pruned before, and ends what an earlier process began.</summary>
    internal async Task OpenAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(store, cancellation) is { } last)
        {
            HeldFrom = (ulong)last.Height;
            await DeleteAsync(last, cancellation);
        }
    }

    /// <summary>At a round's end: takes the lowest view held as the next base, and prunes to it once enough lies above.</summary>
    /// <param name="views">Views held.</param>
    /// <param name="tip">The chain.</param>
    /// <param name="shelf">Snapshots offered: whoever starts from one asks for the payloads of its round.</param>
    /// <param name="startup">A start replays from there on; null where every start replays from the base.</param>
    internal void Follow(ViewTree views, ViewLink tip, SnapshotShelf shelf, StartupSnapshots? startup)
    {
        if (!isEnabled || !_working.IsCompleted)
        {
            return;
        }

        NetworkParameters parameters = tip.View.State.Parameters;
        _candidate ??= views.Downwards(tip).LastOrDefault(view => view.Height > 0 && parameters.Rounds.IsLastOfRound(view.State.Height));
        if (_candidate is not { } candidate || candidate.State.Height <= HeldFrom)
        {
            _candidate = null;
            return;
        }

        bool isDeep = candidate.State.Height + Retention.Reach(parameters) <= tip.View.State.Height
            && tip.View.Totals.Settled - candidate.Totals.Settled > parameters.FinalityRounds
            && (startup is null || startup.Written >= candidate.State.Height);
        if (!isDeep || shelf.Views.Any(offered => offered.Height <= candidate.Height) || chainLog.PlaceOf(candidate.Hash) is not { } place)
        {
            return;
        }

        _working = Task.Run(() => PruneAsync(candidate, place));
    }

    private async Task PruneAsync(ChainView view, long place)
    {
        try
        {
            PayloadsPruned? before = await ReadAsync(store, CancellationToken.None);
            if (await WriteAsync(view, place, CancellationToken.None) is not { } pruned)
            {
                return; // A checkpoint is gone from disk and memory: a later view will do.
            }

            await DeleteAsync(pruned, CancellationToken.None);
            if (before is not null)
            {
                await DropAsync(before, pruned, CancellationToken.None);
            }

            HeldFrom = view.State.Height;
            log.PayloadsPruned(view.State.Height);
        }
        catch (StoreException error)
        {
            log.PayloadsNotPruned(error.Message); // The next round's end tries again.
        }
        finally
        {
            _candidate = null;
        }
    }

    private async Task<PayloadsPruned?> WriteAsync(ChainView view, long place, CancellationToken cancellation)
    {
        if (await chainLog.Snapshots.WriteAsync(view, checkpoints, cancellation) is not { } names)
        {
            return null;
        }

        var pruned = new PayloadsPruned(
            view.Height,
            view.Hash.ToString(),
            place,
            names.View.ToString(),
            [.. names.Checkpoints.Select(root => root.ToString())],
            [.. view.Trail.PastPayloads.Select(hash => hash.ToString())]);
        long version = await store.StreamVersionAsync(ChainEvents.PruningStream, cancellation);
        var written = new NewEvent(ChainEvents.PayloadsPruned, JsonSerializer.Serialize(pruned, ChainEvents.Json), typeof(PayloadsPruned).FullName);
        await store.AppendAsync(ChainEvents.PruningStream, version, [written], [], cancellation);
        return pruned;
    }

    /// <summary>Deletes the payloads of blocks up to the base, except those that something above it names too.</summary>
    private async Task DeleteAsync(PayloadsPruned pruned, CancellationToken cancellation)
    {
        HashSet<string> kept = [.. pruned.Payloads];
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, pruned.Place + 1, cancellation))
        {
            kept.UnionWith(PayloadsOf(stored));
        }

        List<PayloadsPruned> before = await BasesBeforeAsync(cancellation);
        foreach (PayloadsPruned earlier in before)
        {
            await DeleteAsync(earlier.Payloads, kept, cancellation);
        }

        long from = before.Count < EarlierBases ? 1 : before[0].Place;
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, from, cancellation))
        {
            if (stored.Version > pruned.Place)
            {
                return;
            }

            await DeleteAsync(PayloadsOf(stored), kept, cancellation);
        }
    }

    private async Task DeleteAsync(IEnumerable<string> payloads, HashSet<string> kept, CancellationToken cancellation)
    {
        foreach (string payload in payloads.Where(payload => !kept.Contains(payload)))
        {
            await store.DeleteBlobAsync(KeyOf(payload), cancellation);
        }
    }

    /// <summary>
    /// The bases before the last, oldest first. Deleting starts at the first of them, as the one between may have been cut short; and what they
    /// kept of rounds long past, because judging still looked back at it, is looked through again.
    /// </summary>
    private async Task<List<PayloadsPruned>> BasesBeforeAsync(CancellationToken cancellation)
    {
        long version = await store.StreamVersionAsync(ChainEvents.PruningStream, cancellation);
        var bases = new List<PayloadsPruned>();
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.PruningStream, Math.Max(1, version - EarlierBases), cancellation))
        {
            if (stored.Version < version)
            {
                bases.Add(Read(stored));
            }
        }

        return bases;
    }

    /// <summary>Lets the last base's view and checkpoints go, except what the present one or an installed snapshot names.</summary>
    private async Task DropAsync(PayloadsPruned before, PayloadsPruned now, CancellationToken cancellation)
    {
        HashSet<string> kept = [now.View, .. now.Checkpoints];
        await foreach (StoredEvent stored in store.ReadStreamAsync(ChainEvents.Stream, 2, cancellation))
        {
            if (stored.Type == ChainEvents.SnapshotInstalled)
            {
                SnapshotInstalled installed = JsonSerializer.Deserialize<SnapshotInstalled>(stored.Json, ChainEvents.Json)!;
                kept.UnionWith([installed.View, .. installed.Headers, .. installed.Checkpoints]);
            }

            break; // It is the first after the network's, or not there.
        }

        foreach (string name in before.Checkpoints.Append(before.View).Where(name => !kept.Contains(name)))
        {
            await store.DeleteBlobAsync(KeyOf(name), cancellation);
        }
    }

    private static IEnumerable<string> PayloadsOf(StoredEvent stored) => stored.Type switch
    {
        ChainEvents.BlockConnected => JsonSerializer.Deserialize<BlockConnected>(stored.Json, ChainEvents.Json)!.Payloads,
        ChainEvents.SnapshotInstalled => JsonSerializer.Deserialize<SnapshotInstalled>(stored.Json, ChainEvents.Json)!.Payloads,
        _ => [],
    };

    private static PayloadsPruned Read(StoredEvent stored) => JsonSerializer.Deserialize<PayloadsPruned>(stored.Json, ChainEvents.Json)
        ?? throw new Failures.ChainLogCorruptException(stored.Sequence, "it is null.");

    private static BlobKey KeyOf(string name) => new(Hash256.Parse(name).ToArray());
}
