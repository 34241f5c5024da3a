using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// When fast synchronisation runs: on an empty chain, once the headers of all peers' claims are here, and before any body is asked
/// for. Where nobody gives a whole snapshot after some tries, the node synchronises as usual.
/// </summary>
/// <param name="sync">One attempt.</param>
/// <param name="chain">The chain.</param>
/// <param name="isReady">Whether some peer is live and the headers of all that peers claim are here.</param>
/// <param name="isWanted">The user's choice; off: nothing is done.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told when nobody gave a snapshot.</param>
public sealed class SnapshotStage(FastSync sync, ISnapshotChain chain, Func<bool> isReady, bool isWanted, TimeProvider time, ILogger<SnapshotStage> log)
{
    /// <summary>Tries before the node gives up and replays all blocks: two minutes.</summary>
    private const int MostTries = 24;

    /// <summary>Looks at too few headers before the chain is taken for as short as it seems: the first peer may know no more, ten seconds.</summary>
    private const int MostLooks = 40;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private volatile bool _isDone = !isWanted;

    /// <summary>Whether bodies wait for a snapshot. The chain is looked at only where one is wanted: it may not be loaded yet.</summary>
    public bool IsRunning => !_isDone && chain.IsEmpty;

    /// <summary>Completes when the chain begins at a snapshot, or is to be synchronised as usual.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            int tries = 0;
            int looks = 0;
            while (IsRunning && tries < MostTries)
            {
                if (!isReady())
                {
                    await Task.Delay(LookAgain, time, cancellation);
                    continue;
                }

                switch (await sync.RunAsync(cancellation))
                {
                    case FastSyncResult.Installed:
                        return;
                    case FastSyncResult.NotNeeded when ++looks == MostLooks:
                        return;
                    case FastSyncResult.NotNeeded:
                        await Task.Delay(LookAgain, time, cancellation);
                        break;
                    case FastSyncResult.NotServed:
                        tries++;
                        await Task.Delay(TryAgain, time, cancellation);
                        break;
                }
            }

            if (IsRunning && tries == MostTries)
            {
                log.SnapshotNotServed(tries);
            }
        }
        finally
        {
            _isDone = true;
        }
    }
}
