using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Basilisk.Exact.Hashing;

namespace Basilisk.Exact.Corpora;

/// <summary>
/// The canonical bytes of a corpus, little-endian: "BSKT", u16 version 1, u16 holdout share in thousandths, u32 vocabulary,
/// u32 number of tokens (<see cref="HeaderSize"/> bytes in all), then one u16 per token. Shards are its 64 KiB chunks.
/// </summary>
public static class CorpusCodec
{
    /// <summary>Bytes before the tokens.</summary>
    public const int HeaderSize = 16;

    private const uint Magic = 0x544B5342; // "BSKT"
    private const ushort Version = 1;

    public static long SizeOf(TokenCorpus corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        return HeaderSize + ((long)corpus.Count * sizeof(ushort));
    }

    public static byte[] Encode(TokenCorpus corpus)
    {
        var bytes = new byte[SizeOf(corpus)];
        Read(corpus, 0, bytes);
        return bytes;
    }

    /// <summary>Writes all bytes to a stream, chunk by chunk.</summary>
    public static void Write(TokenCorpus corpus, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        long total = SizeOf(corpus);
        var buffer = new byte[ChunkedBytes.ChunkSize];
        for (int i = 0; i < ChunkedBytes.ChunkCount(total); i++)
        {
            Span<byte> chunk = buffer.AsSpan(0, ChunkedBytes.ChunkLength(total, i));
            Read(corpus, (long)i * ChunkedBytes.ChunkSize, chunk);
            destination.Write(chunk);
        }
    }

    /// <summary>Copies the canonical bytes from an offset on, both offset and length even.</summary>
    public static void Read(TokenCorpus corpus, long offset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        if (offset < 0 || offset % 2 != 0 || destination.Length % 2 != 0 || offset + destination.Length > SizeOf(corpus))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "Offset and length are even and lie inside the corpus' bytes.");
        }

        int written = 0;
        if (offset < HeaderSize)
        {
            Span<byte> header = stackalloc byte[HeaderSize];
            WriteHeader(corpus, header);
            written = (int)Math.Min(HeaderSize - offset, destination.Length);
            header.Slice((int)offset, written).CopyTo(destination);
        }

        ReadOnlySpan<ushort> tokens = corpus.Tokens.Span;
        int first = (int)((offset + written - HeaderSize) / sizeof(ushort));
        for (int at = written; at < destination.Length; at += sizeof(ushort))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination[at..], tokens[first++]);
        }
    }

    /// <summary>The Merkle tree over the corpus' shards.</summary>
    public static MerkleTree Tree(TokenCorpus corpus) =>
        ChunkedBytes.Tree(SizeOf(corpus), (offset, destination) => Read(corpus, offset, destination));

    /// <summary>Reads canonical bytes; nothing is allocated before the header's counts have met the caps.</summary>
    /// <param name="bytes">The whole corpus.</param>
    /// <param name="maximumTokens">Most tokens the caller will hold.</param>
    /// <param name="corpus">The corpus, unless refused.</param>
    /// <param name="refusal">The reason, if refused.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        int maximumTokens,
        [NotNullWhen(true)] out TokenCorpus? corpus,
        [NotNullWhen(false)] out CorpusRefusal? refusal)
    {
        corpus = null;
        refusal = CheckHeader(bytes, maximumTokens);
        if (refusal is not null)
        {
            return false;
        }

        int holdout = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        int vocabulary = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var tokens = new ushort[BinaryPrimitives.ReadInt32LittleEndian(bytes[12..])];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(HeaderSize + (i * sizeof(ushort)))..]);
        }

        int bad = TokenCorpus.FirstAtOrAbove(tokens, vocabulary);
        if (bad >= 0)
        {
            refusal = new CorpusRefusal(CorpusRefusalKind.TokenOutOfRange, tokens[bad], vocabulary - 1);
            return false;
        }

        corpus = new TokenCorpus(vocabulary, tokens, holdout);
        return true;
    }

    /// <summary>Reads the header alone: enough to know the size of the rest.</summary>
    /// <param name="bytes">The first bytes of a corpus.</param>
    /// <param name="maximumTokens">Most tokens the caller will hold.</param>
    /// <param name="holdoutPermille">Share of the holdout in thousandths.</param>
    /// <param name="count">Tokens.</param>
    public static CorpusRefusal? ReadHeader(ReadOnlySpan<byte> bytes, int maximumTokens, out int holdoutPermille, out int count)
    {
        holdoutPermille = 0;
        count = 0;
        CorpusRefusal? refusal = CheckHeader(bytes, maximumTokens, whole: false);
        if (refusal is null)
        {
            holdoutPermille = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
            count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        }

        return refusal;
    }

    private static CorpusRefusal? CheckHeader(ReadOnlySpan<byte> bytes, int maximumTokens, bool whole = true)
    {
        if (bytes.Length < HeaderSize)
        {
            return new CorpusRefusal(CorpusRefusalKind.TooShort, bytes.Length, HeaderSize);
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        ushort holdout = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        uint vocabulary = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        long expected = HeaderSize + ((long)count * sizeof(ushort));
        return (magic, version, vocabulary) switch
        {
            (not Magic, _, _) => new CorpusRefusal(CorpusRefusalKind.MagicUnknown, magic, Magic),
            (_, not Version, _) => new CorpusRefusal(CorpusRefusalKind.VersionUnknown, version, Version),
            (_, _, 0 or > ushort.MaxValue + 1) => new CorpusRefusal(CorpusRefusalKind.VocabularyInvalid, vocabulary, ushort.MaxValue + 1),
            _ when holdout >= TokenCorpus.ShareDenominator => new CorpusRefusal(CorpusRefusalKind.HoldoutInvalid, holdout, TokenCorpus.ShareDenominator - 1),
            _ when count > maximumTokens => new CorpusRefusal(CorpusRefusalKind.TooManyTokens, count, maximumTokens),
            _ when whole && bytes.Length != expected => new CorpusRefusal(CorpusRefusalKind.LengthMismatch, bytes.Length, expected),
            _ => null,
        };
    }

    private static void WriteHeader(TokenCorpus corpus, Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)corpus.HoldoutPermille);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], corpus.Vocabulary);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], corpus.Count);
    }
}
