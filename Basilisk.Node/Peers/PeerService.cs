using Basilisk.Node.Failures;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Dialling;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers;

/// <summary>The node among others: takes connections, dials, talks, and catches up.</summary>
public sealed class PeerService(
    PeerNetwork network,
    Conversations conversations,
    JoinTargets joins,
    OutboundSlots slots,
    HeaderSync headers,
    SnapshotStage snapshot,
    BlockDownload blocks,
    BlockBlame blame,
    SyncStatus sync,
    PeerOptions options,
    ILogger<PeerService> log)
{
    /// <summary>Takes connections from now on, where the options say so.</summary>
    /// <exception cref="PortInUseException">Another process listens there.</exception>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        network.Connected += conversations.Connected;
        network.Disconnected += Disconnected;
        try
        {
            await network.ListenAsync(cancellation);
        }
        catch (PortInUseException) when (options.ListenIfFree)
        {
            log.PeersNotListening(options.Listen!); // Nobody asked for this port; the node dials as before.
        }
    }

    /// <summary>Runs until cancelled, then says good-bye.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts =
        [
            joins.RunAsync(ending.Token), slots.RunAsync(ending.Token), headers.RunAsync(ending.Token), BodiesAsync(ending.Token), blame.RunAsync(ending.Token), sync.RunAsync(ending.Token),
        ];
        try
        {
            await await Task.WhenAny(parts); // None ends before the node does, unless it fails.
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The first cause is on its way already.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            await network.StopAsync(patience.Token);
            await conversations.EndedAsync().WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            network.Connected -= conversations.Connected;
            network.Disconnected -= Disconnected;
        }
    }

    private async Task BodiesAsync(CancellationToken cancellation)
    {
        await snapshot.RunAsync(cancellation);
        await blocks.RunAsync(cancellation);
    }

    private void Disconnected(IPeer peer, Goodbye reason) => conversations.Disconnected(peer);
}
