using System.Buffers.Binary;

namespace Basilisk.Exact.Tokens;

/// <summary>
/// The one byte form of a tokenizer table, little-endian:
/// 4 bytes "BSKV", uint16 version (1), uint16 reserved (0), uint32 number of merges, then per merge uint16 left, uint16 right.
/// </summary>
internal static class TokenizerFormat
{
    public const int HeaderBytes = 12;
    private const uint Magic = 0x564B5342; // "BSKV" read little-endian
    private const uint Version = 1; // with the reserved half, which is zero

    public static byte[] Write(ReadOnlySpan<TokenPair> merges)
    {
        byte[] bytes = new byte[HeaderBytes + (4 * merges.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)merges.Length);
        for (int i = 0; i < merges.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(HeaderBytes + (4 * i), 4);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, merges[i].Left);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], merges[i].Right);
        }

        return bytes;
    }

    /// <summary>Reads the merges; nothing is allocated before the length is known to be right.</summary>
    public static TokenizerRefusal TryRead(ReadOnlySpan<byte> bytes, out TokenPair[] merges)
    {
        merges = [];
        if (bytes.Length < HeaderBytes)
        {
            return new TokenizerRefusal(TokenizerRefusalKind.TooShort, bytes.Length, HeaderBytes);
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (magic != Magic)
        {
            return new TokenizerRefusal(TokenizerRefusalKind.UnknownMagic, magic, Magic);
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (version != Version)
        {
            return new TokenizerRefusal(TokenizerRefusalKind.UnknownVersion, version, Version);
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (count > TokenizerTable.MaxMerges)
        {
            return new TokenizerRefusal(TokenizerRefusalKind.TooManyMerges, count, TokenizerTable.MaxMerges);
        }

        long length = HeaderBytes + (4L * count);
        if (bytes.Length != length)
        {
            return new TokenizerRefusal(TokenizerRefusalKind.LengthMismatch, bytes.Length, length);
        }

        merges = new TokenPair[count];
        for (int i = 0; i < merges.Length; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(HeaderBytes + (4 * i), 4);
            merges[i] = new TokenPair(BinaryPrimitives.ReadUInt16LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]));
        }

        return default;
    }
}
