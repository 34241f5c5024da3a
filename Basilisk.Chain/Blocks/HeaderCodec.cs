using System.Buffers.Binary;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Blocks;

/// <summary>Reads headers strictly: what it accepts encodes to the same bytes again.</summary>
public static class HeaderCodec
{
    public static Verdict<BlockHeader> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != BlockHeader.Size)
        {
            return new Refusal(RefusalKind.Malformed, Tokens.HeaderLength, "A header has exactly 280 bytes.", bytes.Length, BlockHeader.Size);
        }

        uint extraLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[236..]);
        if (extraLength > ExtraData.MaxLength)
        {
            return new Refusal(RefusalKind.Malformed, Tokens.HeaderExtraLength, "Extra data is too long.", extraLength, ExtraData.MaxLength);
        }

        ReadOnlySpan<byte> extra = bytes.Slice(240, ExtraData.MaxLength);
        if (extra[(int)extraLength..].ContainsAnyExcept((byte)0))
        {
            return new Refusal(RefusalKind.Malformed, Tokens.HeaderExtraPadding, "Bytes after the extra data are not zero.");
        }

        return new BlockHeader(
            BinaryPrimitives.ReadUInt32BigEndian(bytes),
            new Hash256(bytes.Slice(4, Hash256.Size)),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[36..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[44..]),
            new CompactTarget(BinaryPrimitives.ReadUInt32BigEndian(bytes[52..])),
            new Address(bytes.Slice(56, Address.Size)),
            new Hash256(bytes.Slice(76, Hash256.Size)),
            new Hash256(bytes.Slice(108, Hash256.Size)),
            new Hash256(bytes.Slice(140, Hash256.Size)),
            new Hash256(bytes.Slice(172, Hash256.Size)),
            new Hash256(bytes.Slice(204, Hash256.Size)),
            new ExtraData(extra[..(int)extraLength]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[BlockHeader.PrefixSize..]));
    }
}
