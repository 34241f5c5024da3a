using System.Runtime.CompilerServices;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Mempool;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;

namespace Basilisk.Node.Peers.Flows;

/// <summary>"What waits at your place?": asked once per connection, as soon as this node can judge what it hears.</summary>
public sealed class MempoolFlow(TransactionPool pool, SyncGate gate, PeerMeter meter) : IConversation
{
    private readonly ConditionalWeakTable<LivePeer, object> _asked = [];

    public async Task RunAsync(LivePeer peer, CancellationToken closed)
    {
        ArgumentNullException.ThrowIfNull(peer);
        await gate.WhenCurrentAsync(closed);
        await peer.Peer.SendAsync(new GetMempool(), closed);
    }

    /// <summary>Answers with the hashes of what waits and the peer does not know.</summary>
    public async Task AnswerAsync(LivePeer peer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!_asked.TryAdd(peer, peer))
        {
            peer.Peer.Report(Offence.Flood, new Chain.Refusals.Refusal(
                Chain.Refusals.RefusalKind.Isolation, PeerTokens.Flood, "The mempool is asked for once per connection.", 2, 1));
            return;
        }

        foreach (Hash256[] hashes in pool.Newest(int.MaxValue).Reverse().Select(pooled => pooled.Transaction.Hash).Where(peer.KnownTransactions.Add).Chunk(NewTransactions.Most))
        {
            meter.AnnouncedTransactions(hashes.Length);
            await peer.Peer.SendAsync(new NewTransactions([.. hashes]), cancellation);
        }
    }
}
