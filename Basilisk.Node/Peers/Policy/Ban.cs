using System.Net;

namespace Basilisk.Node.Peers.Policy;

/// <summary>Somebody the node does not talk to for a while: a peer, or an address (IPv6: a /64).</summary>
/// <param name="Peer">Whom; null for a ban of an address.</param>
/// <param name="Address">Where; null for a ban of a peer.</param>
/// <param name="Until">When it ends.</param>
/// <param name="Reason">Token of the offence, or the operator's word.</param>
public sealed record Ban(PeerId? Peer, IPAddress? Address, DateTimeOffset Until, string Reason)
{
    public bool Covers(IPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return Peer == peer.Id || (Address is not null && PeerAddress.Owner(peer.Remote.Address).Equals(Address));
    }
}
