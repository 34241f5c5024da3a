using Basilisk.Chain.Hashing;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Blocks;

/// <summary>
/// Root over a list of hashes in RFC 6962's shape with Keccak-256: leaves are Keccak(0x00 ‖ hash), nodes
/// Keccak(0x01 ‖ left ‖ right), the left side holds the largest power of two below the count. Zero for an empty list.
/// </summary>
public static class MerkleRoot
{
    public static Hash256 Of(IReadOnlyList<Hash256> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        return hashes.Count == 0 ? Hash256.Zero : Of(hashes, 0, hashes.Count);
    }

    private static Hash256 Of(IReadOnlyList<Hash256> hashes, int first, int count)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Hash256.Size)];
        if (count == 1)
        {
            bytes[0] = 0;
            hashes[first].CopyTo(bytes[1..]);
            return Keccak256.Hash(bytes[..(1 + Hash256.Size)]);
        }

        int left = 1 << (31 - int.LeadingZeroCount(count - 1));
        bytes[0] = 1;
        Of(hashes, first, left).CopyTo(bytes[1..]);
        Of(hashes, first + left, count - left).CopyTo(bytes[(1 + Hash256.Size)..]);
        return Keccak256.Hash(bytes);
    }
}
