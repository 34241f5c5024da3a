using System.Buffers.Binary;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Refusals;

namespace Basilisk.Node.Snapshots;

/// <summary>A header and the version of the log's event that put its block on; 0 where no event did.</summary>
internal readonly record struct PlacedHeader(BlockHeader Header, long Place);

/// <summary>
/// The headers of one chain from height 1 on, in a file of fixed records: 280 bytes of header, 8 bytes of place (big-endian), 4 bytes of
/// their Keccak-256. A record that was cut short or changed is where the file ends.
/// </summary>
internal sealed class HeaderFile(string path)
{
    private const int ContentSize = BlockHeader.Size + sizeof(long);
    private const int CheckSize = 4;
    private const int RecordSize = ContentSize + CheckSize;

    /// <summary>Whole records.</summary>
    public ulong Count => File.Exists(path) ? (ulong)(new FileInfo(path).Length / RecordSize) : 0;

    /// <summary>The header at a height; null where there is none.</summary>
    public BlockHeader? Find(ulong height)
    {
        if (height == 0 || height > Count)
        {
            return null;
        }

        using FileStream file = File.OpenRead(path);
        file.Position = (long)(height - 1) * RecordSize;
        var record = new byte[RecordSize];
        file.ReadExactly(record);
        return Decode(record)?.Header;
    }

    /// <summary>Headers by rising height, at most up to one.</summary>
    public IEnumerable<PlacedHeader> Read(ulong last)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        var record = new byte[RecordSize];
        for (ulong height = 1; height <= last && file.ReadAtLeast(record, RecordSize, throwOnEndOfStream: false) == RecordSize; height++)
        {
            if (Decode(record) is not { } placed)
            {
                yield break;
            }

            yield return placed;
        }
    }

    /// <summary>Writes headers, lowest first, each on top of the one before, over whatever stood from the first's height on.</summary>
    public void Append(IReadOnlyList<PlacedHeader> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (headers.Count == 0)
        {
            return;
        }

        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 20);
        file.SetLength((long)(headers[0].Header.Height - 1) * RecordSize);
        file.Position = file.Length;
        var record = new byte[RecordSize];
        foreach (PlacedHeader placed in headers)
        {
            placed.Header.Encode().CopyTo(record, 0);
            BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(BlockHeader.Size), placed.Place);
            Check(record).CopyTo(record, ContentSize);
            file.Write(record);
        }

        file.Flush(flushToDisk: true);
    }

    public void Delete() => File.Delete(path);

    private static byte[] Check(ReadOnlySpan<byte> record) => Keccak256.Hash(record[..ContentSize]).ToArray()[..CheckSize];

    private static PlacedHeader? Decode(ReadOnlySpan<byte> record) =>
        record[ContentSize..].SequenceEqual(Check(record)) && HeaderCodec.Decode(record[..BlockHeader.Size]).TryGet(out BlockHeader? header, out Refusal? _)
            ? new PlacedHeader(header, BinaryPrimitives.ReadInt64BigEndian(record[BlockHeader.Size..]))
            : null;
}
