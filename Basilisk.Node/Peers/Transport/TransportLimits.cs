using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>Bounds of one connection, and of connections that are not peers yet. All of them hold against a peer that is hostile.</summary>
public sealed record TransportLimits
{
    /// <summary>For a TCP connection to be made.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For TLS and both first messages.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a peer that was told good-bye to close its side.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two pings.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a byte from the peer: the connection is closed.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>What a frame may take beside its bytes at <see cref="BytesPerSecond"/>, in either direction.</summary>
    public TimeSpan FrameGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For an answer, beside what the peer sends meanwhile at <see cref="BytesPerSecond"/>.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The slowest line on which a frame in progress is waited for.</summary>
    public int BytesPerSecond { get; init; } = 32 * 1024;

    /// <summary>Bytes that wait to be sent to a peer; one larger message is taken when none waits.</summary>
    public int OutgoingBytes { get; init; } = 4 << 20;

    public int OutgoingMessages { get; init; } = 256;

    /// <summary>Bytes of requests and announcements that wait for the handler.</summary>
    public int IncomingBytes { get; init; } = 1 << 20;

    public int IncomingMessages { get; init; } = 64;

    /// <summary>Requests that this node has open with one peer at most; further ones wait. No more than any node may have.</summary>
    public int OpenRequests
    {
        get;
        init => field = value is > 0 and <= PeerRequest.MostOpen
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"A node has 1 to {PeerRequest.MostOpen} requests open with one peer.");
    } = PeerRequest.MostOpen;

    /// <summary>Announcements and pings a peer may send per second on average; answers that were asked for are not counted.</summary>
    public int MessagesPerSecond { get; init; } = 50;

    /// <summary>And at once.</summary>
    public int MessagesBurst { get; init; } = 1_000;

    /// <summary>
    /// Requests per second on average. Many, because an honest node that catches up on a fast line asks as fast as it is answered;
    /// what limits it is that requests are served one at a time, and that few may be open.
    /// </summary>
    public int RequestsPerSecond { get; init; } = 2_000;

    /// <summary>And at once.</summary>
    public int RequestsBurst { get; init; } = 20_000;

    /// <summary>Bytes of announcements, pings and requests per second on average.</summary>
    public int FloodBytesPerSecond { get; init; } = 512 * 1024;

    /// <summary>And at once.</summary>
    public int FloodBytesBurst { get; init; } = 8 << 20;

    /// <summary>Connections that came in and have not finished their handshake.</summary>
    public int PendingHandshakes { get; init; } = 64;

    /// <summary>Connections from one address taken at once, and then one per <see cref="AcceptInterval"/>. Loopback is not counted.</summary>
    public int AcceptBurst { get; init; } = 16;

    public TimeSpan AcceptInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long so many bytes may take on the slowest line.</summary>
    public TimeSpan TimeFor(long bytes) => FrameGrace + TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
