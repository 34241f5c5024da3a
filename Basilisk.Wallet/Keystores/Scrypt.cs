using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Basilisk.Wallet.Keystores;

/// <summary>
/// The scrypt key derivation (RFC 7914). The framework has none. Each 64-byte block is kept with its words in
/// diagonal order, so that a Salsa20 round works on four vectors.
/// </summary>
internal static class Scrypt
{
    private const int BlockWords = 16;
    private const int RowsBetweenCancellationChecks = 4096;

    /// <param name="password">Any bytes.</param>
    /// <param name="salt">Any bytes.</param>
    /// <param name="parameters">Checked against the caps by the caller.</param>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="cancellation">Ends the derivation early.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static byte[] Derive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ScryptParameters parameters, int length, CancellationToken cancellation)
    {
        (int n, int r, int p) = (parameters.N, parameters.R, parameters.P);
        int laneBytes = 128 * r;
        byte[] blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * laneBytes);
        var table = new Vector128<uint>[n * 8 * r];
        try
        {
            for (int i = 0; i < p; i++)
            {
                Mix(blocks.AsSpan(i * laneBytes, laneBytes), table, n, r, cancellation);
            }

            return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
        }
    }

    /// <summary>scryptROMix: fill a table of n rows, then visit n of them in an order that depends on the data.</summary>
    private static void Mix(Span<byte> lane, Vector128<uint>[] table, int n, int r, CancellationToken cancellation)
    {
        int row = 8 * r;
        var x = new Vector128<uint>[row];
        var y = new Vector128<uint>[row];
        Load(lane, MemoryMarshal.Cast<Vector128<uint>, uint>(x.AsSpan()));
        for (int i = 0; i < n; i++)
        {
            CheckEvery(i, cancellation);
            x.CopyTo(table, i * row);
            MixBlocks(x, y);
            (x, y) = (y, x);
        }

        for (int i = 0; i < n; i++)
        {
            CheckEvery(i, cancellation);

            // Integerify: the first word of the last block; n is a power of two below 2^32.
            int j = (int)(x[row - 4].ToScalar() & (uint)(n - 1));
            ReadOnlySpan<Vector128<uint>> chosen = table.AsSpan(j * row, row);
            for (int k = 0; k < row; k++)
            {
                x[k] ^= chosen[k];
            }

            MixBlocks(x, y);
            (x, y) = (y, x);
        }

        Store(MemoryMarshal.Cast<Vector128<uint>, uint>(x.AsSpan()), lane);
    }

    private static void CheckEvery(int i, CancellationToken cancellation)
    {
        if (i % RowsBetweenCancellationChecks == 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>scryptBlockMix: even blocks go to the first half of the output, odd ones to the second.</summary>
    private static void MixBlocks(ReadOnlySpan<Vector128<uint>> input, Span<Vector128<uint>> output)
    {
        int blocks = input.Length / 4;
        ReadOnlySpan<Vector128<uint>> last = input[^4..];
        (Vector128<uint> x0, Vector128<uint> x1, Vector128<uint> x2, Vector128<uint> x3) = (last[0], last[1], last[2], last[3]);
        for (int i = 0; i < blocks; i++)
        {
            ReadOnlySpan<Vector128<uint>> block = input.Slice(4 * i, 4);
            Salsa(ref x0, ref x1, ref x2, ref x3, block);
            Span<Vector128<uint>> target = output.Slice(4 * ((i / 2) + ((i & 1) * (blocks / 2))), 4);
            (target[0], target[1], target[2], target[3]) = (x0, x1, x2, x3);
        }
    }

    /// <summary>x = Salsa20/8(x ⊕ block).</summary>
    private static void Salsa(
        ref Vector128<uint> x0, ref Vector128<uint> x1, ref Vector128<uint> x2, ref Vector128<uint> x3, ReadOnlySpan<Vector128<uint>> block)
    {
        Vector128<uint> a = x0 ^ block[0];
        Vector128<uint> b = x1 ^ block[1];
        Vector128<uint> c = x2 ^ block[2];
        Vector128<uint> d = x3 ^ block[3];
        (x0, x1, x2, x3) = (a, b, c, d);
        for (int round = 0; round < 8; round += 2)
        {
            b ^= Rotate(a + d, 7);
            c ^= Rotate(b + a, 9);
            d ^= Rotate(c + b, 13);
            a ^= Rotate(d + c, 18);
            b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
            d ^= Rotate(a + b, 7);
            c ^= Rotate(d + a, 9);
            b ^= Rotate(c + d, 13);
            a ^= Rotate(b + c, 18);
            b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
        }

        x0 += a;
        x1 += b;
        x2 += c;
        x3 += d;
    }

    private static Vector128<uint> Rotate(Vector128<uint> value, int count) => (value << count) | (value >>> (32 - count));

    /// <summary>Reads little-endian words; word 5·i mod 16 of a block goes to place i.</summary>
    private static void Load(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * Source(i))..]);
        }
    }

    private static void Store(ReadOnlySpan<uint> words, Span<byte> bytes)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * Source(i))..], words[i]);
        }
    }

    private static int Source(int i) => (i / BlockWords * BlockWords) + (5 * (i % BlockWords) % BlockWords);
}
