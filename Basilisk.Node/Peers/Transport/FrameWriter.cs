using System.Buffers.Binary;

namespace Basilisk.Node.Peers.Transport;

/// <summary>Writes frames: four bytes of length, big-endian, then kind and list. One writer.</summary>
internal sealed class FrameWriter(Stream output, TimeProvider time)
{
    /// <summary>Below this the length is written with its body, so that a small message is one TLS record.</summary>
    private const int JoinBytes = 16 * 1024;

    private const long Never = -1;

    private long _since = Never;
    private long _bytes;

    /// <param name="message">Kind and list.</param>
    /// <param name="cancellation">Breaks the stream: nothing can be written after.</param>
    public async ValueTask WriteAsync(byte[] message, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _bytes, message.Length);
        Interlocked.Exchange(ref _since, time.GetTimestamp());
        bool joined = message.Length <= JoinBytes;
        var start = new byte[FrameReader.LengthBytes + (joined ? message.Length : 0)];
        BinaryPrimitives.WriteUInt32BigEndian(start, (uint)message.Length);
        if (joined)
        {
            message.CopyTo(start, FrameReader.LengthBytes);
        }

        await output.WriteAsync(start, cancellation);
        if (!joined)
        {
            await output.WriteAsync(message, cancellation);
        }

        await output.FlushAsync(cancellation);
        Interlocked.Exchange(ref _since, Never);
    }

    /// <summary>Whether the other end reads more slowly than the slowest line.</summary>
    public bool IsStalled(TransportLimits limits)
    {
        long since = Interlocked.Read(ref _since);
        return since != Never && time.GetElapsedTime(since) > limits.TimeFor(Interlocked.Read(ref _bytes));
    }
}
