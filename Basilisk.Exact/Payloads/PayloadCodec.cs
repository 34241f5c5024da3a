using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Basilisk.Exact.Payloads;

/// <summary>
/// The canonical bytes of a compressed delta, little-endian. Header: "BSKP", u8 version 1, u8 bits per level, u16 zero, u32 number
/// of weights, u32 number of entries. Then one u16 count of entries per chunk of 4,096 weights. Then one block per chunk
/// that has entries (see <see cref="ChunkBlock"/>). A delta has exactly one encoding, and its size follows from the counts.
/// </summary>
public static class PayloadCodec
{
    /// <summary>Weights per chunk; an index inside a chunk has 12 bits.</summary>
    public const int ChunkWeights = 4096;

    /// <summary>Bytes before the counts.</summary>
    public const int HeaderSize = 16;

    /// <summary>Bytes of one chunk's count.</summary>
    public const int CountSize = sizeof(ushort);

    private const uint Magic = 0x504B5342; // "BSKP"
    private const byte Version = 1;

    /// <summary>Chunks of a model; the last may be short.</summary>
    public static int ChunkCount(int weightCount) => (int)(((long)weightCount + ChunkWeights - 1) / ChunkWeights);

    /// <summary>Bytes of one chunk's block.</summary>
    /// <param name="entries">Entries of the chunk, 0 to 4,096.</param>
    /// <param name="levelBits">Bits per level.</param>
    public static int BlockSize(int entries, int levelBits) => ChunkBlock.Size(entries, levelBits);

    /// <summary>Bytes of a delta's payload.</summary>
    public static int SizeOf(SparseDelta delta, PayloadLimits limits)
    {
        ArgumentNullException.ThrowIfNull(delta);
        ArgumentNullException.ThrowIfNull(limits);
        int size = HeaderSize + (CountSize * ChunkCount(delta.Dimension));
        for (int start = 0; start < delta.Count;)
        {
            int end = EndOfChunk(delta, start);
            size += BlockSize(end - start, limits.LevelBits);
            start = end;
        }

        return size;
    }

    /// <summary>The one encoding of a delta.</summary>
    /// <exception cref="ArgumentException">
    /// The delta is empty, has more entries in a chunk than the limit, or values in a chunk that are no levels of one power of two.
    /// </exception>
    public static byte[] Encode(SparseDelta delta, PayloadLimits limits)
    {
        var bytes = new byte[SizeOf(delta, limits)];
        if (delta.Count == 0)
        {
            throw new ArgumentException("A payload has at least one entry.", nameof(delta));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        bytes[4] = Version;
        bytes[5] = (byte)limits.LevelBits;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), delta.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), delta.Count);
        int at = HeaderSize + (CountSize * ChunkCount(delta.Dimension));
        for (int start = 0; start < delta.Count;)
        {
            int end = EndOfChunk(delta, start);
            int chunk = delta.Indices[start] / ChunkWeights;
            int size = BlockSize(end - start, limits.LevelBits);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(HeaderSize + (CountSize * chunk)), (ushort)(end - start));
            ChunkBlock.Write(bytes.AsSpan(at, size), chunk, delta.Indices[start..end], delta.Values[start..end], limits);
            at += size;
            start = end;
        }

        return bytes;
    }

    /// <summary>
    /// The size of a whole payload from its header and counts alone, so that a receiver knows it before the rest has come.
    /// </summary>
    /// <param name="prefix">At least the header and the counts.</param>
    /// <param name="weightCount">Weights of the network's model.</param>
    /// <param name="limits">The network's caps.</param>
    /// <param name="size">Bytes in all, unless refused; at most <see cref="PayloadLimits.MaxBytes"/>.</param>
    /// <param name="refusal">The reason, if refused.</param>
    public static bool TrySizeOf(
        ReadOnlySpan<byte> prefix,
        int weightCount,
        PayloadLimits limits,
        out long size,
        [NotNullWhen(false)] out PayloadRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(limits);
        size = 0;
        refusal = CheckHeader(prefix, weightCount, limits) ?? SumCounts(prefix, weightCount, limits, ref size);
        return refusal is null;
    }

    /// <summary>Reads a payload; anything but the one encoding of a delta is refused. Nothing is allocated before counts and length are checked.</summary>
    /// <param name="bytes">The whole payload.</param>
    /// <param name="weightCount">Weights of the network's model.</param>
    /// <param name="limits">The network's caps.</param>
    /// <param name="delta">The delta, unless refused.</param>
    /// <param name="refusal">The reason, if refused.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        int weightCount,
        PayloadLimits limits,
        [NotNullWhen(true)] out SparseDelta? delta,
        [NotNullWhen(false)] out PayloadRefusal? refusal)
    {
        delta = null;
        if (!TrySizeOf(bytes, weightCount, limits, out long size, out refusal))
        {
            return false;
        }

        if (bytes.Length != size)
        {
            refusal = new PayloadRefusal(PayloadRefusalKind.LengthMismatch, bytes.Length, size);
            return false;
        }

        int entries = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        var indices = new int[entries];
        var values = new int[entries];
        refusal = ReadBlocks(bytes, weightCount, limits, indices, values);
        if (refusal is not null)
        {
            return false;
        }

        delta = new SparseDelta(weightCount, indices, values);
        return true;
    }

    private static PayloadRefusal? ReadBlocks(ReadOnlySpan<byte> bytes, int weightCount, PayloadLimits limits, Span<int> indices, Span<int> values)
    {
        int chunks = ChunkCount(weightCount);
        int at = HeaderSize + (CountSize * chunks);
        int start = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int count = ReadCount(bytes, chunk);
            if (count == 0)
            {
                continue;
            }

            int size = BlockSize(count, limits.LevelBits);
            PayloadRefusal? refusal = ChunkBlock.Read(
                bytes.Slice(at, size), chunk, WeightsIn(chunk, weightCount), indices.Slice(start, count), values.Slice(start, count), limits);
            if (refusal is not null)
            {
                return refusal;
            }

            at += size;
            start += count;
        }

        return null;
    }

    private static PayloadRefusal? CheckHeader(ReadOnlySpan<byte> bytes, int weightCount, PayloadLimits limits)
    {
        long needed = HeaderSize + (CountSize * (long)ChunkCount(weightCount));
        if (bytes.Length < needed)
        {
            return new PayloadRefusal(PayloadRefusalKind.TooShort, bytes.Length, needed);
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint weights = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        return bytes switch
        {
            _ when magic != Magic => new PayloadRefusal(PayloadRefusalKind.MagicUnknown, magic, Magic),
            _ when bytes[4] != Version => new PayloadRefusal(PayloadRefusalKind.VersionUnknown, bytes[4], Version),
            _ when bytes[5] != limits.LevelBits => new PayloadRefusal(PayloadRefusalKind.LevelBitsMismatch, bytes[5], limits.LevelBits),
            _ when bytes[6] != 0 || bytes[7] != 0 => new PayloadRefusal(PayloadRefusalKind.PaddingNotZero, bytes[6] | (bytes[7] << 8), 0),
            _ when weights != weightCount => new PayloadRefusal(PayloadRefusalKind.WeightCountMismatch, weights, weightCount),
            _ => null,
        };
    }

    private static PayloadRefusal? SumCounts(ReadOnlySpan<byte> bytes, int weightCount, PayloadLimits limits, ref long size)
    {
        int chunks = ChunkCount(weightCount);
        long entries = 0;
        long total = HeaderSize + (CountSize * (long)chunks);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int count = ReadCount(bytes, chunk);
            int most = Math.Min(limits.EntriesPerChunk, WeightsIn(chunk, weightCount));
            if (count > most)
            {
                return new PayloadRefusal(PayloadRefusalKind.ChunkOverLimit, count, most, chunk);
            }

            entries += count;
            total += BlockSize(count, limits.LevelBits);
        }

        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (stated != entries)
        {
            return new PayloadRefusal(PayloadRefusalKind.EntryCountMismatch, stated, entries);
        }

        size = total;
        return entries == 0 ? new PayloadRefusal(PayloadRefusalKind.Empty, 0, 1) : null;
    }

    private static int ReadCount(ReadOnlySpan<byte> bytes, int chunk) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[(HeaderSize + (CountSize * chunk))..]);

    private static int WeightsIn(int chunk, int weightCount) => Math.Min(ChunkWeights, weightCount - (chunk * ChunkWeights));

    private static int EndOfChunk(SparseDelta delta, int start)
    {
        int chunk = delta.Indices[start] / ChunkWeights;
        int end = start + 1;
        while (end < delta.Count && delta.Indices[end] / ChunkWeights == chunk)
        {
            end++;
        }

        return end;
    }
}
