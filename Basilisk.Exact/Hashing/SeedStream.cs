using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Basilisk.Exact.Hashing;

/// <summary>
/// A deterministic stream of numbers: SHA-256 in counter mode. The key is
/// SHA-256(length of label as one byte ‖ label ‖ seed ‖ index as u64 LE); block n of the stream is SHA-256(key ‖ n as u64 LE).
/// Each block gives four little-endian 64-bit numbers. Different labels or indices give unrelated streams from one seed.
/// </summary>
public sealed class SeedStream
{
    private const int NumbersPerBlock = Hash256.Size / sizeof(ulong);

    private readonly byte[] _keyAndCounter = new byte[Hash256.Size + sizeof(ulong)];
    private readonly byte[] _block = new byte[Hash256.Size];
    private ulong _nextBlock;
    private int _used = NumbersPerBlock;

    /// <param name="seed">Where the randomness comes from.</param>
    /// <param name="label">What the numbers are for; 1 to 255 ASCII characters.</param>
    /// <param name="index">Which of many streams under one label.</param>
    /// <exception cref="ArgumentException">The label is empty, too long or not ASCII.</exception>
    public SeedStream(Hash256 seed, string label, ulong index = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        if (label.Length > byte.MaxValue || !Ascii.IsValid(label))
        {
            throw new ArgumentException($"A stream's label has 1 to {byte.MaxValue} ASCII characters.", nameof(label));
        }

        var message = new byte[1 + label.Length + Hash256.Size + sizeof(ulong)];
        message[0] = (byte)label.Length;
        Encoding.ASCII.GetBytes(label, message.AsSpan(1));
        seed.CopyTo(message.AsSpan(1 + label.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(message.Length - sizeof(ulong)), index);
        SHA256.HashData(message, _keyAndCounter);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        if (_used == NumbersPerBlock)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_keyAndCounter.AsSpan(Hash256.Size), _nextBlock++);
            SHA256.HashData(_keyAndCounter, _block);
            _used = 0;
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(_block.AsSpan(_used++ * sizeof(ulong)));
    }

    /// <summary>
    /// A number below the bound, each equally likely: a draw at or above the largest multiple of the bound that 64 bits hold
    /// is thrown away, the next is reduced modulo the bound.
    /// </summary>
    /// <param name="bound">At least 1.</param>
    public ulong NextBelow(ulong bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        ulong excess = ((ulong.MaxValue % bound) + 1) % bound; // 2^64 mod bound
        ulong draw;
        do
        {
            draw = NextUInt64();
        }
        while (draw > ulong.MaxValue - excess);

        return draw % bound;
    }
}
