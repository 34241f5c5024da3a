using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers;

/// <summary>One live connection after its handshake, as a conversation sees it. Thread-safe.</summary>
public interface IPeer
{
    PeerId Id { get; }

    /// <summary>Where the connection leads; the port of one that came in is not the port the peer listens on.</summary>
    IPEndPoint Remote { get; }

    /// <summary>Whether the peer dialled us.</summary>
    bool IsInbound { get; }

    /// <summary>What it said of itself at the handshake.</summary>
    Hello Hello { get; }

    /// <summary>Whether the peer has no network's files yet and may only ask for them; nothing is announced to it.</summary>
    bool IsBootstrap => Hello.Network.IsZero;

    /// <summary>Ends when the connection does.</summary>
    CancellationToken Closed { get; }

    /// <summary>Round-trip time of the last ping; null before the first.</summary>
    TimeSpan? RoundTrip { get; }

    /// <summary>Bytes of frames that it sent; 0 where there is no wire.</summary>
    long BytesReceived => 0;

    /// <summary>Bytes of frames that were sent to it; likewise.</summary>
    long BytesSent => 0;

    /// <summary>How long the connection has lived.</summary>
    TimeSpan Age => TimeSpan.Zero;

    /// <summary>
    /// Sends when there is room in the bounded queue, and an answer when the operator's rate of upload lets it: a slow peer slows its own conversation only.
    /// </summary>
    /// <exception cref="PeerGoneException">The connection ended.</exception>
    ValueTask SendAsync(PeerMessage message, CancellationToken cancellation);

    /// <summary>Sends if there is room now; announcements are dropped for a peer that does not keep up. False where dropped.</summary>
    bool TrySend(PeerMessage message);

    /// <summary>
    /// Asks and waits for the answer. The connection chooses the request id; what the request carries is replaced. The wait is bounded,
    /// and longer while the peer keeps sending; too many questions at once wait for each other.
    /// </summary>
    /// <returns>The answer, or why there is none: <see cref="PeerTokens.Timeout"/>, <see cref="PeerTokens.WrongAnswer"/>, <see cref="PeerTokens.NotServed"/>, <see cref="PeerTokens.Gone"/>.</returns>
    Task<Verdict<TAnswer>> AskAsync<TAnswer>(PeerRequest request, CancellationToken cancellation)
        where TAnswer : PeerAnswer;

    /// <summary>Counts an offence against the peer; enough of them close the connection and ban it.</summary>
    void Report(Offence offence, Refusal? refusal = null);

    /// <summary>Says good-bye, if the peer still listens, and closes.</summary>
    void Close(string token, string detail);
}

/// <summary>The connection ended while something was to be sent.</summary>
public sealed class PeerGoneException(PeerId peer) : IOException($"The connection to peer {peer.Short} has ended.")
{
    public PeerId Peer { get; } = peer;
}
