using System.Numerics;
using System.Runtime.CompilerServices;

namespace Basilisk.Chain.Hashing;

/// <summary>The 25 lanes of the sponge; lane x + 5·y is A[x, y] of FIPS 202. Lane bytes are little-endian.</summary>
[InlineArray(Count)]
public struct KeccakLanes
{
    public const int Count = 25;

    private ulong _lane0;
}

/// <summary>Keccak-f[1600], FIPS 202 section 3: 24 rounds of θ, ρ, π, χ, ι.</summary>
public static class KeccakPermutation
{
    /// <summary>The ι constants, one per round.</summary>
    public static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Permutes the state in place.</summary>
    [SkipLocalsInit]
    public static void Permute(ref KeccakLanes state)
    {
        Unsafe.SkipInit(out KeccakLanes other);
        ReadOnlySpan<ulong> constants = RoundConstants;
        for (int round = 0; round < 24; round += 2)
        {
            Round(in state, ref other, constants[round]);
            Round(in other, ref state, constants[round + 1]);
        }
    }

    /// <summary>One round from <paramref name="a"/> to <paramref name="e"/>, row by row so that few lanes are live at once.</summary>
    private static void Round(in KeccakLanes a, ref KeccakLanes e, ulong roundConstant)
    {
        ulong b0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        ulong b1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        ulong b2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        ulong b3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        ulong b4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
        ulong d0 = b4 ^ BitOperations.RotateLeft(b1, 1);
        ulong d1 = b0 ^ BitOperations.RotateLeft(b2, 1);
        ulong d2 = b1 ^ BitOperations.RotateLeft(b3, 1);
        ulong d3 = b2 ^ BitOperations.RotateLeft(b4, 1);
        ulong d4 = b3 ^ BitOperations.RotateLeft(b0, 1);

        b0 = a[0] ^ d0;
        b1 = BitOperations.RotateLeft(a[6] ^ d1, 44);
        b2 = BitOperations.RotateLeft(a[12] ^ d2, 43);
        b3 = BitOperations.RotateLeft(a[18] ^ d3, 21);
        b4 = BitOperations.RotateLeft(a[24] ^ d4, 14);
        e[0] = b0 ^ (~b1 & b2) ^ roundConstant;
        e[1] = b1 ^ (~b2 & b3);
        e[2] = b2 ^ (~b3 & b4);
        e[3] = b3 ^ (~b4 & b0);
        e[4] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(a[3] ^ d3, 28);
        b1 = BitOperations.RotateLeft(a[9] ^ d4, 20);
        b2 = BitOperations.RotateLeft(a[10] ^ d0, 3);
        b3 = BitOperations.RotateLeft(a[16] ^ d1, 45);
        b4 = BitOperations.RotateLeft(a[22] ^ d2, 61);
        e[5] = b0 ^ (~b1 & b2);
        e[6] = b1 ^ (~b2 & b3);
        e[7] = b2 ^ (~b3 & b4);
        e[8] = b3 ^ (~b4 & b0);
        e[9] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(a[1] ^ d1, 1);
        b1 = BitOperations.RotateLeft(a[7] ^ d2, 6);
        b2 = BitOperations.RotateLeft(a[13] ^ d3, 25);
        b3 = BitOperations.RotateLeft(a[19] ^ d4, 8);
        b4 = BitOperations.RotateLeft(a[20] ^ d0, 18);
        e[10] = b0 ^ (~b1 & b2);
        e[11] = b1 ^ (~b2 & b3);
        e[12] = b2 ^ (~b3 & b4);
        e[13] = b3 ^ (~b4 & b0);
        e[14] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(a[4] ^ d4, 27);
        b1 = BitOperations.RotateLeft(a[5] ^ d0, 36);
        b2 = BitOperations.RotateLeft(a[11] ^ d1, 10);
        b3 = BitOperations.RotateLeft(a[17] ^ d2, 15);
        b4 = BitOperations.RotateLeft(a[23] ^ d3, 56);
        e[15] = b0 ^ (~b1 & b2);
        e[16] = b1 ^ (~b2 & b3);
        e[17] = b2 ^ (~b3 & b4);
        e[18] = b3 ^ (~b4 & b0);
        e[19] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(a[2] ^ d2, 62);
        b1 = BitOperations.RotateLeft(a[8] ^ d3, 55);
        b2 = BitOperations.RotateLeft(a[14] ^ d4, 39);
        b3 = BitOperations.RotateLeft(a[15] ^ d0, 41);
        b4 = BitOperations.RotateLeft(a[21] ^ d1, 2);
        e[20] = b0 ^ (~b1 & b2);
        e[21] = b1 ^ (~b2 & b3);
        e[22] = b2 ^ (~b3 & b4);
        e[23] = b3 ^ (~b4 & b0);
        e[24] = b4 ^ (~b0 & b1);
    }
}
