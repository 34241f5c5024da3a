using Basilisk.Node.Options;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// The line to one peer: its own rate, and the node's, which all peers share. Answers wait for their turn, each connection with one at a time; what
/// the node says of its own accord is counted and goes at once, so that new blocks are not held up by what somebody downloads.
/// </summary>
/// <param name="own">The peer's rate.</param>
/// <param name="all">The node's.</param>
internal sealed class Upload(UploadRate own, UploadRate all)
{
    private const int BytesPerKib = 1 << 10;

    public static UploadRate OfNode(PeerOptions options, TimeProvider time) => new((long)options.UploadKib * BytesPerKib, time);

    public static UploadRate OfPeer(PeerOptions options, TimeProvider time) => new((long)options.UploadPerPeerKib * BytesPerKib, time);

    /// <summary>Waits until an answer may be sent: first for the peer's own rate, so that nobody waits in the node's line who may not send yet.</summary>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancellation)
    {
        await own.WaitAsync(bytes, cancellation);
        await all.WaitAsync(bytes, cancellation);
    }

    public void Count(long bytes)
    {
        own.Take(bytes);
        all.Take(bytes);
    }
}
