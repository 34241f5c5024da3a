using System.Collections.Concurrent;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What went over the wire since the start. Thread-safe.</summary>
public sealed class TransportCounters
{
    private static readonly int Kinds = Enum.GetValues<MessageKind>().Length;

    private readonly long[] _received = new long[Kinds];
    private readonly long[] _sent = new long[Kinds];
    private readonly ConcurrentDictionary<string, long> _refused = new();
    private long _bytesReceived;
    private long _bytesSent;
    private long _dropped;
    private int _inbound;
    private int _outbound;

    /// <summary>Bytes of frames.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Announcements not sent, because the peer does not keep up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public int Inbound => Volatile.Read(ref _inbound);

    public int Outbound => Volatile.Read(ref _outbound);

    /// <summary>Connections turned away by this node, by token.</summary>
    public IReadOnlyDictionary<string, long> Refused => _refused;

    public long Received(MessageKind kind) => Interlocked.Read(ref _received[(byte)kind]);

    public long Sent(MessageKind kind) => Interlocked.Read(ref _sent[(byte)kind]);

    internal void CountReceived(MessageKind kind, long bytes)
    {
        Interlocked.Increment(ref _received[(byte)kind]);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    internal void CountSent(MessageKind kind, long bytes)
    {
        Interlocked.Increment(ref _sent[(byte)kind]);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountConnection(bool inbound, int by) => Interlocked.Add(ref inbound ? ref _inbound : ref _outbound, by);

    /// <param name="token">One of this node's own tokens, never text of a peer: the label's values must be few.</param>
    internal void CountRefused(string token) => _refused.AddOrUpdate(token, 1, static (_, count) => count + 1);
}
