using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>The first bytes of a frame.</summary>
/// <param name="Length">Bytes of kind and list that follow the length.</param>
/// <param name="Kind">The first of them; meaningless where the length is 0.</param>
internal readonly record struct FrameHeader(uint Length, MessageKind Kind);

/// <summary>
/// Cuts a stream of bytes into frames: four bytes of length, big-endian, then kind and list. Length and kind are handed out before the body
/// is buffered, so that a frame can be refused for its size. One reader; <see cref="Stop"/> and the questions may come from anywhere.
/// </summary>
internal sealed class FrameReader(PipeReader input, TimeProvider time)
{
    public const int LengthBytes = 4;

    private const long Never = -1;

    private long _buffered;
    private long _received;
    private long _quietSince = Never;
    private long _frameSince = Never;
    private long _frameBytes;
    private bool _stopped;

    /// <summary>Bytes received in all.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Length and kind of the next frame; null where the stream ended or was stopped.</summary>
    public async ValueTask<FrameHeader?> ReadHeaderAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await ReadAsync(cancellation);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (!Volatile.Read(ref _stopped) && TryReadHeader(buffer, out FrameHeader header))
            {
                BeginFrame(header.Length);
                Advance(buffer, consumed: 0, examineAll: false);
                return header;
            }

            if (!buffer.IsEmpty)
            {
                BeginFrame(0);
            }

            Advance(buffer, consumed: 0, examineAll: true);
            if (result.IsCompleted || Volatile.Read(ref _stopped))
            {
                return null;
            }
        }
    }

    /// <summary>Waits for the frame's body and gives kind and list to <paramref name="read"/>. False where the stream ended before.</summary>
    public async ValueTask<bool> ReadBodyAsync(FrameHeader header, ReadOnlySpanAction<byte, FrameHeader> read, CancellationToken cancellation)
    {
        long whole = LengthBytes + (long)header.Length;
        while (true)
        {
            ReadResult result = await ReadAsync(cancellation);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (Volatile.Read(ref _stopped))
            {
                Advance(buffer, consumed: 0, examineAll: true);
                return false;
            }

            if (buffer.Length >= whole)
            {
                Give(buffer.Slice(LengthBytes, header.Length), header, read);
                Advance(buffer, whole, examineAll: false);
                EndFrame();
                return true;
            }

            Advance(buffer, consumed: 0, examineAll: true);
            if (result.IsCompleted)
            {
                return false;
            }
        }
    }

    /// <summary>Passes over a frame's body without keeping it. False where the stream ended before.</summary>
    public async ValueTask<bool> SkipBodyAsync(FrameHeader header, CancellationToken cancellation)
    {
        long left = LengthBytes + (long)header.Length;
        while (true)
        {
            ReadResult result = await ReadAsync(cancellation);
            long part = Math.Min(left, result.Buffer.Length);
            left -= part;
            Advance(result.Buffer, part, examineAll: false);
            if (left == 0)
            {
                EndFrame();
                return true;
            }

            if (result.IsCompleted || Volatile.Read(ref _stopped))
            {
                return false;
            }
        }
    }

    /// <summary>Reads and forgets until the other end closes.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellation)
    {
        ReadResult result;
        do
        {
            result = await input.ReadAsync(cancellation);
            input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
    }

    /// <summary>Ends the read in progress and all later ones, except <see cref="DrainAsync"/>.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopped, true);
        input.CancelPendingRead();
    }

    /// <summary>How long the reader has waited for a byte; zero while it does not wait.</summary>
    public TimeSpan Quiet => Since(Interlocked.Read(ref _quietSince));

    /// <summary>Whether a frame has begun and takes longer than its length allows.</summary>
    public bool IsStalled(TransportLimits limits) => Since(Interlocked.Read(ref _frameSince)) > limits.TimeFor(Interlocked.Read(ref _frameBytes));

    private static bool TryReadHeader(ReadOnlySequence<byte> buffer, out FrameHeader header)
    {
        header = default;
        if (buffer.Length < LengthBytes)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LengthBytes + 1];
        int present = (int)Math.Min(buffer.Length, bytes.Length);
        buffer.Slice(0, present).CopyTo(bytes);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        header = new FrameHeader(length, (MessageKind)bytes[LengthBytes]);
        return length == 0 || present == bytes.Length;
    }

    private static void Give(ReadOnlySequence<byte> body, FrameHeader header, ReadOnlySpanAction<byte, FrameHeader> read)
    {
        if (body.IsSingleSegment)
        {
            read(body.FirstSpan, header);
            return;
        }

        byte[] whole = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(whole);
            read(whole.AsSpan(0, (int)body.Length), header);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _quietSince, time.GetTimestamp());
        ReadResult result = await input.ReadAsync(cancellation);
        Interlocked.Exchange(ref _quietSince, Never);
        Interlocked.Add(ref _received, result.Buffer.Length - _buffered);
        _buffered = result.Buffer.Length;
        return result;
    }

    private void Advance(ReadOnlySequence<byte> buffer, long consumed, bool examineAll)
    {
        SequencePosition position = buffer.GetPosition(consumed);
        _buffered -= consumed;
        input.AdvanceTo(position, examineAll ? buffer.End : position);
    }

    private void BeginFrame(uint bytes)
    {
        Interlocked.Exchange(ref _frameBytes, bytes);
        Interlocked.CompareExchange(ref _frameSince, time.GetTimestamp(), Never);
    }

    private void EndFrame() => Interlocked.Exchange(ref _frameSince, Never);

    private TimeSpan Since(long timestamp) => timestamp == Never ? TimeSpan.Zero : time.GetElapsedTime(timestamp);
}
