using System.Buffers.Binary;

namespace Basilisk.Store.Events;

/// <summary>Key of a blob: 32 bytes, a hash or Merkle root of its content.</summary>
public readonly struct BlobKey : IEquatable<BlobKey>
{
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public BlobKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A blob's key is {Size} bytes; got {bytes.Length}.", nameof(bytes));
        }
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), _d);
        return bytes;
    }

    public bool Equals(BlobKey other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is BlobKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary><c>0x</c> and 64 lower-case hex digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToArray());

    public static bool operator ==(BlobKey left, BlobKey right) => left.Equals(right);

    public static bool operator !=(BlobKey left, BlobKey right) => !left.Equals(right);
}
