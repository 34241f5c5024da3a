using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Checkpoints;

/// <summary>
/// The canonical bytes of a checkpoint, little-endian: "BSKC", u16 version 1, u16 flags (bit 0: tied head), then u32 vocabulary,
/// width, layers, heads, feed-forward, context, number of weights (<see cref="HeaderSize"/> bytes in all), then one int32 per weight.
/// </summary>
public static class CheckpointCodec
{
    /// <summary>Bytes before the weights.</summary>
    public const int HeaderSize = 36;

    private const uint Magic = 0x434B5342; // "BSKC"
    private const ushort Version = 1;
    private const ushort TiedFlag = 1;

    public static long SizeOf(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return HeaderSize + ((long)checkpoint.Weights.Length * sizeof(int));
    }

    /// <summary>All bytes at once; for a large model prefer <see cref="Write"/> or <see cref="Read"/>.</summary>
    public static byte[] Encode(Checkpoint checkpoint)
    {
        var bytes = new byte[SizeOf(checkpoint)];
        Read(checkpoint, 0, bytes);
        return bytes;
    }

    /// <summary>Writes all bytes to a stream, chunk by chunk.</summary>
    public static void Write(Checkpoint checkpoint, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        long total = SizeOf(checkpoint);
        var buffer = new byte[ChunkedBytes.ChunkSize];
        for (int i = 0; i < ChunkedBytes.ChunkCount(total); i++)
        {
            Span<byte> chunk = buffer.AsSpan(0, ChunkedBytes.ChunkLength(total, i));
            Read(checkpoint, (long)i * ChunkedBytes.ChunkSize, chunk);
            destination.Write(chunk);
        }
    }

    /// <summary>Copies the canonical bytes from an offset (0 or a multiple of 4) into the destination.</summary>
    public static void Read(Checkpoint checkpoint, long offset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (offset < 0 || offset % sizeof(int) != 0 || offset + destination.Length > SizeOf(checkpoint))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "Offset and length lie inside the checkpoint's bytes, the offset on a multiple of 4.");
        }

        int written = 0;
        if (offset < HeaderSize)
        {
            Span<byte> header = stackalloc byte[HeaderSize];
            WriteHeader(checkpoint.Shape, header);
            written = (int)Math.Min(HeaderSize - offset, destination.Length);
            header.Slice((int)offset, written).CopyTo(destination);
        }

        if (written < destination.Length)
        {
            WriteWeights(checkpoint.Weights.Span[(int)((offset + written - HeaderSize) / sizeof(int))..], destination[written..]);
        }
    }

    /// <summary>The Merkle tree over the canonical bytes' chunks.</summary>
    public static MerkleTree Tree(Checkpoint checkpoint) =>
        ChunkedBytes.Tree(SizeOf(checkpoint), (offset, destination) => Read(checkpoint, offset, destination));

    /// <summary>Reads canonical bytes; nothing is allocated before the header's counts have met the caps.</summary>
    /// <param name="bytes">The whole checkpoint.</param>
    /// <param name="maximumWeights">Most weights the caller will hold.</param>
    /// <param name="checkpoint">The checkpoint, unless refused.</param>
    /// <param name="refusal">The reason, if refused.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        int maximumWeights,
        [NotNullWhen(true)] out Checkpoint? checkpoint,
        [NotNullWhen(false)] out CheckpointRefusal? refusal)
    {
        checkpoint = null;
        if (!TryReadShape(bytes, maximumWeights, out ModelShape? shape, out int count, out refusal))
        {
            return false;
        }

        long expected = HeaderSize + ((long)count * sizeof(int));
        if (bytes.Length != expected)
        {
            refusal = new CheckpointRefusal(CheckpointRefusalKind.LengthMismatch, bytes.Length, expected);
            return false;
        }

        var weights = new int[count];
        ReadWeights(bytes[HeaderSize..], weights);
        int bad = weights.AsSpan().IndexOf(int.MinValue);
        if (bad >= 0)
        {
            refusal = new CheckpointRefusal(CheckpointRefusalKind.WeightOutOfRange, bad, count);
            return false;
        }

        checkpoint = new Checkpoint(shape, weights);
        return true;
    }

    /// <summary>Reads the header alone: enough to know the size of the rest.</summary>
    public static bool TryReadShape(
        ReadOnlySpan<byte> bytes,
        int maximumWeights,
        [NotNullWhen(true)] out ModelShape? shape,
        out int weightCount,
        [NotNullWhen(false)] out CheckpointRefusal? refusal)
    {
        shape = null;
        weightCount = 0;
        refusal = CheckHeader(bytes);
        if (refusal is not null)
        {
            return false;
        }

        ModelShape candidate = ReadSizes(bytes);
        long? count = CheckpointShapes.CountWeights(candidate);
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]);
        refusal = count switch
        {
            null => new CheckpointRefusal(CheckpointRefusalKind.ShapeInvalid, stated, maximumWeights),
            long n when n != stated => new CheckpointRefusal(CheckpointRefusalKind.WeightCountMismatch, stated, n),
            long n when n > maximumWeights => new CheckpointRefusal(CheckpointRefusalKind.TooManyWeights, n, maximumWeights),
            _ => null,
        };
        if (refusal is not null)
        {
            return false;
        }

        shape = candidate;
        weightCount = (int)stated;
        return true;
    }

    private static CheckpointRefusal? CheckHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            return new CheckpointRefusal(CheckpointRefusalKind.TooShort, bytes.Length, HeaderSize);
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (magic != Magic)
        {
            return new CheckpointRefusal(CheckpointRefusalKind.MagicUnknown, magic, Magic);
        }

        if (version != Version)
        {
            return new CheckpointRefusal(CheckpointRefusalKind.VersionUnknown, version, Version);
        }

        return flags > TiedFlag ? new CheckpointRefusal(CheckpointRefusalKind.FlagsUnknown, flags, TiedFlag) : null;
    }

    private static ModelShape ReadSizes(ReadOnlySpan<byte> bytes)
    {
        // A size above int.MaxValue turns negative here and is then refused as no shape.
        int Size(int offset, ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt32LittleEndian(from[offset..]);
        return new ModelShape(
            Size(8, bytes), Size(12, bytes), Size(16, bytes), Size(20, bytes), Size(24, bytes), Size(28, bytes),
            (BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) & TiedFlag) != 0);
    }

    private static void WriteHeader(ModelShape shape, Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], shape.TiedHead ? TiedFlag : (ushort)0);
        ReadOnlySpan<int> sizes = [shape.Vocabulary, shape.Width, shape.Layers, shape.Heads, shape.FeedForward, shape.Context, shape.ParameterCount];
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[(8 + (4 * i))..], sizes[i]);
        }
    }

    private static void WriteWeights(ReadOnlySpan<int> weights, Span<byte> destination)
    {
        int whole = destination.Length / sizeof(int);
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(weights[..whole]).CopyTo(destination);
        }
        else
        {
            for (int i = 0; i < whole; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(destination[(i * sizeof(int))..], weights[i]);
            }
        }

        int rest = destination.Length % sizeof(int);
        if (rest > 0)
        {
            Span<byte> last = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(last, weights[whole]);
            last[..rest].CopyTo(destination[^rest..]);
        }
    }

    private static void ReadWeights(ReadOnlySpan<byte> source, Span<int> weights)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, int>(source).CopyTo(weights);
            return;
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = BinaryPrimitives.ReadInt32LittleEndian(source[(i * sizeof(int))..]);
        }
    }
}
