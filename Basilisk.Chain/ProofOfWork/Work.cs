using System.Numerics;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.ProofOfWork;

/// <summary>Targets as conditions and as amounts of work.</summary>
public static class Work
{
    /// <summary>Whether a proof, read as a big-endian number, is at most the target.</summary>
    public static bool Meets(Hash256 proof, UInt256 target) => AsNumber(proof) <= target;

    /// <summary>Expected hashes of a block: 2²⁵⁶ / (target + 1), rounded down.</summary>
    public static UInt256 Of(CompactTarget target) =>
        (UInt256)((BigInteger.One << 256) / ((BigInteger)target.ToTarget() + 1));

    /// <summary>A hash as a big-endian number.</summary>
    public static UInt256 AsNumber(Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        hash.CopyTo(bytes);
        return UInt256.FromBigEndian(bytes);
    }
}
