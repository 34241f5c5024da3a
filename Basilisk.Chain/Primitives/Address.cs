using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Basilisk.Chain.Hashing;

namespace Basilisk.Chain.Primitives;

/// <summary>
/// An account: the last 20 bytes of the Keccak-256 hash of an uncompressed public key.
/// Text is EIP-55: 0x and 40 digits whose letter case is a checksum. Ordered as a big-endian number.
/// </summary>
public readonly struct Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 20;

    private readonly ulong _a, _b; // big-endian words, _a most significant
    private readonly uint _c;

    /// <param name="bytes">Exactly 20 bytes.</param>
    /// <exception cref="ArgumentException">The span is not 20 bytes long.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"An address has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Twenty zero bytes.</summary>
    public static Address Zero => default;

    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>The address of an uncompressed public key: 64 bytes x ‖ y, without the leading 0x04.</summary>
    /// <exception cref="ArgumentException">The key is not 64 bytes long.</exception>
    public static Address FromPublicKey(ReadOnlySpan<byte> publicKey64)
    {
        if (publicKey64.Length != 64)
        {
            throw new ArgumentException($"An uncompressed public key has 64 bytes, not {publicKey64.Length}.", nameof(publicKey64));
        }

        Span<byte> hash = stackalloc byte[Keccak256.HashSize];
        Keccak256.Hash(publicKey64, hash);
        return new Address(hash[12..]);
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>
    /// Reads 0x and 40 digits. All lower or all upper case carries no checksum and is taken;
    /// mixed case must be the right EIP-55 checksum, so that a mistyped address is not paid.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        address = default;
        if (text is null || text.Length != 2 + (2 * Size) || !text.StartsWith("0x", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> digits = text.AsSpan(2);
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        var candidate = new Address(bytes);
        bool mixed = digits.ContainsAnyInRange('a', 'f') && digits.ContainsAnyInRange('A', 'F');
        if (mixed && !text.Equals(candidate.ToString(), StringComparison.Ordinal))
        {
            return false;
        }

        address = candidate;
        return true;
    }

    /// <exception cref="FormatException">The text is no address, or its letter case is a wrong checksum.</exception>
    public static Address Parse(string text) => TryParse(text, out Address address)
        ? address
        : throw new FormatException("An address is 0x and 40 hexadecimal digits; mixed letter case must match its EIP-55 checksum.");

    public int CompareTo(Address other)
    {
        int order = _a.CompareTo(other._a);
        if (order == 0)
        {
            order = _b.CompareTo(other._b);
        }

        return order != 0 ? order : _c.CompareTo(other._c);
    }

    public bool Equals(Address other) => _a == other._a && _b == other._b && _c == other._c;

    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c);

    public static bool operator ==(Address left, Address right) => left.Equals(right);

    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>0x and 40 digits in EIP-55 letter case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        Span<char> text = stackalloc char[2 + (2 * Size)];
        "0x".CopyTo(text);
        Span<char> digits = text[2..];
        Convert.TryToHexStringLower(bytes, digits, out _);

        Span<byte> ascii = stackalloc byte[2 * Size];
        Encoding.ASCII.GetBytes(digits, ascii);
        Span<byte> hash = stackalloc byte[Keccak256.HashSize];
        Keccak256.Hash(ascii, hash);
        for (int i = 0; i < digits.Length; i++)
        {
            int nibble = (i & 1) == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            if (nibble >= 8)
            {
                digits[i] = char.ToUpperInvariant(digits[i]);
            }
        }

        return new string(text);
    }
}
