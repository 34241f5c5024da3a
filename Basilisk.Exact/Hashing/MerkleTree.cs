using System.Numerics;
using System.Security.Cryptography;

namespace Basilisk.Exact.Hashing;

/// <summary>The siblings that lead from one leaf to the root, nearest first.</summary>
/// <param name="Index">The leaf's place, from 0.</param>
/// <param name="LeafCount">Leaves of the whole tree.</param>
/// <param name="Siblings">One hash per level at which the leaf's branch has a sibling.</param>
public sealed record MerkleProof(int Index, int LeafCount, IReadOnlyList<Hash256> Siblings);

/// <summary>
/// The SHA-256 Merkle tree of RFC 6962 §2.1: leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right), the left
/// subtree holds the largest power of two below the number of leaves; no leaf is ever doubled. The root of nothing is SHA-256 of nothing.
/// </summary>
public sealed class MerkleTree
{
    private readonly List<Hash256[]> _levels = [];

    /// <param name="leaves">Leaf hashes (see <see cref="LeafHash"/>), in order.</param>
    public MerkleTree(IReadOnlyList<Hash256> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        Hash256[] level = [.. leaves];
        _levels.Add(level);
        while (level.Length > 1)
        {
            level = Above(level);
            _levels.Add(level);
        }

        Root = level.Length == 0 ? new Hash256(SHA256.HashData([])) : level[0];
    }

    public Hash256 Root { get; }

    public int LeafCount => _levels[0].Length;

    /// <summary>SHA-256(0x00 ‖ data).</summary>
    public static Hash256 LeafHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(data);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        hash.GetHashAndReset(digest);
        return new Hash256(digest);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Hash256 NodeHash(Hash256 left, Hash256 right)
    {
        Span<byte> message = stackalloc byte[1 + (2 * Hash256.Size)];
        message[0] = 0x01;
        left.CopyTo(message[1..]);
        right.CopyTo(message[(1 + Hash256.Size)..]);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(message, digest);
        return new Hash256(digest);
    }

    /// <summary>The inclusion proof of one leaf.</summary>
    public MerkleProof Prove(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, LeafCount);
        var siblings = new List<Hash256>();
        int place = index;
        foreach (Hash256[] level in _levels)
        {
            int sibling = place ^ 1;
            if (sibling < level.Length)
            {
                siblings.Add(level[sibling]);
            }

            place >>= 1;
        }

        return new MerkleProof(index, LeafCount, siblings);
    }

    /// <summary>Whether the proof leads from the leaf to the root (RFC 9162 §2.1.3.2). Any malformed proof is false.</summary>
    public static bool Verify(Hash256 root, Hash256 leaf, MerkleProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (proof.Index < 0 || proof.Index >= proof.LeafCount || proof.Siblings.Count > BitOperations.Log2((uint)proof.LeafCount) + 1)
        {
            return false;
        }

        int place = proof.Index;
        int last = proof.LeafCount - 1;
        Hash256 hash = leaf;
        foreach (Hash256 sibling in proof.Siblings)
        {
            if (last == 0)
            {
                return false;
            }

            // The last branch of a level without a sibling rises unchanged until it gets one.
            while (place == last && (place & 1) == 0)
            {
                place >>= 1;
                last >>= 1;
            }

            hash = (place & 1) == 1 ? NodeHash(sibling, hash) : NodeHash(hash, sibling);
            place >>= 1;
            last >>= 1;
        }

        // What is left to climb is a branch that never gets a sibling again, which needs place = last = 0 here.
        return last == 0 && hash == root;
    }

    private static Hash256[] Above(Hash256[] level)
    {
        var above = new Hash256[(level.Length + 1) / 2];
        for (int i = 0; i < above.Length; i++)
        {
            above[i] = (2 * i) + 1 < level.Length ? NodeHash(level[2 * i], level[(2 * i) + 1]) : level[2 * i];
        }

        return above;
    }
}
