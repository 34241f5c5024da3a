using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// Requests of a peer that have come and are not answered. An honest node never has more of them open than <see cref="PeerRequest.MostOpen"/>; who
/// does asks without waiting, and is told so by what he asked, not by how fast this node answers.
/// </summary>
internal sealed class UnansweredRequests(IPeer peer)
{
    private int _open;

    /// <summary>A request's frame has begun.</summary>
    public void Came()
    {
        int open = Interlocked.Increment(ref _open);
        if (open > PeerRequest.MostOpen)
        {
            peer.Report(
                Offence.Flood,
                new Refusal(RefusalKind.State, PeerTokens.Flood, "More requests open at once than a node may have.", open, PeerRequest.MostOpen));
        }
    }

    /// <summary>An answer is about to be sent: before a byte of it can reach the peer, who may ask again once he has it.</summary>
    public void Answered() => Interlocked.Decrement(ref _open);
}
