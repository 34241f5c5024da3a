using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Hashing;

/// <summary>
/// Keccak-256 as Ethereum uses it: rate 136 bytes, padding 0x01 … 0x80 (not SHA3-256, whose padding begins 0x06).
/// Blocks, transactions, addresses and commitments are named by it.
/// </summary>
public static class Keccak256
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = 32;

    /// <summary>Bytes absorbed per permutation.</summary>
    public const int Rate = 136;

    public static Hash256 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        Hash(data, hash);
        return new Hash256(hash);
    }

    /// <param name="data">The whole message.</param>
    /// <param name="destination">At least 32 bytes.</param>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        KeccakState state = default;
        state.Absorb(data);
        state.Finish(destination);
    }

    /// <summary>The hash of two parts set one after the other, without joining them in memory.</summary>
    public static Hash256 HashJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        KeccakState state = default;
        state.Absorb(first);
        state.Absorb(second);
        return Finish(ref state);
    }

    /// <summary>Finishes a state and returns its hash.</summary>
    public static Hash256 Finish(ref KeccakState state)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        state.Finish(hash);
        return new Hash256(hash);
    }
}
