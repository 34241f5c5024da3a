using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>The first bits of a key: all keys that begin with them make one subtree of the state.</summary>
public readonly record struct KeyPrefix
{
    /// <summary>Bits of a whole key.</summary>
    public const int MaxBits = 8 * Hash256.Size;

    /// <param name="key">The bits, followed by zeros.</param>
    /// <param name="bits">How many of them count, 0–256.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many bits in a key.</exception>
    /// <exception cref="ArgumentException">A bit behind the prefix is set: the same prefix would have two names.</exception>
    public KeyPrefix(Hash256 key, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        if (Cut(key, bits) != key)
        {
            throw new ArgumentException($"{key} has bits set behind the first {bits}.", nameof(key));
        }

        Key = key;
        Bits = bits;
    }

    /// <summary>The empty prefix: every key.</summary>
    public static KeyPrefix Whole => default;

    /// <summary>The bits, followed by zeros.</summary>
    public Hash256 Key { get; }

    public int Bits { get; }

    /// <summary>Keys whose next bit is clear.</summary>
    public KeyPrefix Left => new(Key, Bits + 1);

    /// <summary>Keys whose next bit is set.</summary>
    public KeyPrefix Right => new(WithBit(Key, Bits), Bits + 1);

    /// <summary>The prefix without its last bit.</summary>
    public KeyPrefix Above => new(Cut(Key, Bits - 1), Bits - 1);

    /// <summary>Whether the last bit is set. The empty prefix has none.</summary>
    public bool IsRight => Bits > 0 && new KeyBits(Key)[Bits - 1];

    /// <summary>The other half of <see cref="Above"/>.</summary>
    public KeyPrefix Twin => IsRight ? Above.Left : Above.Right;

    /// <summary>A prefix from untrusted numbers; false where they are none.</summary>
    public static bool TryCreate(Hash256 key, uint bits, out KeyPrefix prefix)
    {
        bool sound = bits <= MaxBits && Cut(key, (int)bits) == key;
        prefix = sound ? new KeyPrefix(key, (int)bits) : default;
        return sound;
    }

    public bool Contains(Hash256 key) => Cut(key, Bits) == Key;

    /// <summary>Whether every key under the other lies under this one too.</summary>
    public bool Contains(KeyPrefix other) => other.Bits >= Bits && Contains(other.Key);

    /// <summary>A key's first bits, followed by zeros.</summary>
    internal static Hash256 Cut(Hash256 key, int bits)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        key.CopyTo(bytes);
        int whole = bits / 8;
        if (whole < Hash256.Size)
        {
            bytes[whole] &= (byte)(0xFF00 >> (bits % 8));
            bytes[(whole + 1)..].Clear();
        }

        return new Hash256(bytes);
    }

    private static Hash256 WithBit(Hash256 key, int bit)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        key.CopyTo(bytes);
        bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return new Hash256(bytes);
    }
}
