using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>Who acts on what peers ask and announce.</summary>
public interface IPeerHandler
{
    /// <summary>
    /// Acts on one message: a request, or an announcement. Called for one message at a time per peer, in the order received; while it runs
    /// the next ones wait in a bounded queue, and behind that in the peer's own socket. It may ask the same peer: answers do not wait in that
    /// queue. What it throws closes the connection, except that the connection ended or the token was cancelled.
    /// </summary>
    ValueTask HandleAsync(IPeer peer, PeerMessage message, CancellationToken cancellation);
}
