using System.Collections.Concurrent;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// All conversations with all live peers: starts them after a handshake, hands each message to the one it belongs to, and ends them
/// with the connection. A request is answered before the peer's next message is looked at, so that who reads slowly waits for itself alone.
/// </summary>
/// <param name="live">Live peers of this network.</param>
/// <param name="router">Who answers which request.</param>
/// <param name="addresses">Address exchange.</param>
/// <param name="mempool">What waits where, asked once.</param>
/// <param name="transactions">Waiting transactions.</param>
/// <param name="blocks">New blocks.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of a conversation that failed.</param>
public sealed class Conversations(
    LivePeers live,
    RequestRouter router,
    AddressFlow addresses,
    MempoolFlow mempool,
    TransactionRelay transactions,
    BlockRelay blocks,
    TimeProvider time,
    ILogger<Conversations> log) : IPeerHandler
{
    private readonly ConcurrentDictionary<IPeer, Task> _running = new();

    /// <summary>After the handshake, before any message is handled. A node that has no network yet only asks.</summary>
    public void Connected(IPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!peer.IsBootstrap)
        {
            var joined = new LivePeer(peer, time);
            live.Add(joined);
            _running[peer] = RunAsync(joined);
        }
    }

    /// <summary>After the connection ended.</summary>
    public void Disconnected(IPeer peer)
    {
        if (live.Find(peer) is { } gone)
        {
            live.Remove(gone);
        }
    }

    /// <summary>Waits for the conversations of peers that are gone.</summary>
    public Task EndedAsync() => Task.WhenAll(_running.Values);

    public async ValueTask HandleAsync(IPeer peer, PeerMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        LivePeer? sender = live.Find(peer);
        switch (message)
        {
            case PeerRequest request:
                await peer.SendAsync(await router.AnswerAsync(peer, request, cancellation), cancellation);
                break;
            case GetMempool when sender is not null:
                await mempool.AnswerAsync(sender, cancellation);
                break;
            case NewTransactions announcement when sender is not null:
                transactions.Take(sender, announcement);
                break;
            case NewBlock announcement when sender is not null:
                blocks.Take(sender, announcement);
                break;
            case Addresses announcement when sender is not null:
                addresses.Take(sender, announcement);
                break;
            case GetMempool or NewTransactions or NewBlock or Addresses when !peer.IsBootstrap:
                break; // The connection ended a moment ago.
            default:
                peer.Report(Offence.Malformed, new Refusal(RefusalKind.Isolation, PeerTokens.AnswerUnasked, $"{message.Kind} has no place here."));
                break;
        }
    }

    private async Task RunAsync(LivePeer peer)
    {
        await Task.Yield(); // The caller is the connection.
        await Task.WhenAll(new IConversation[] { addresses, mempool, transactions, blocks }.Select(each => GuardAsync(peer, each)));
        _running.TryRemove(peer.Peer, out _);
    }

    // One conversation that fails ends the connection, not the node: its cause is a fault of this program, and logged as one.
    private async Task GuardAsync(LivePeer peer, IConversation conversation)
    {
        try
        {
            await conversation.RunAsync(peer, peer.Peer.Closed);
        }
        catch (OperationCanceledException) when (peer.Peer.Closed.IsCancellationRequested)
        {
            // It ends with the connection.
        }
        catch (PeerGoneException)
        {
            // Likewise.
        }
        catch (Exception error)
        {
            log.ConversationFailed(error, peer.Peer.Id.Short);
            peer.Peer.Close(PeerTokens.Stopping, "An error here; nothing that you did.");
        }
    }
}
