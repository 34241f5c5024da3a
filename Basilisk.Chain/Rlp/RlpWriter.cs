using System.Buffers.Binary;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Rlp;

/// <summary>
/// Writes Recursive Length Prefix in its one canonical form. Lists are opened and closed; a closing list moves its
/// payload to make room for its header, so no length has to be known beforehand.
/// </summary>
public sealed class RlpWriter
{
    private readonly Stack<int> _lists = new();
    private byte[] _buffer;
    private int _length;

    /// <param name="capacity">Bytes to start with; the buffer grows as needed.</param>
    public RlpWriter(int capacity = 256)
    {
        _buffer = new byte[Math.Max(capacity, 16)];
    }

    /// <summary>What has been written so far. Only whole while no list is open.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public int Length => _length;

    public RlpWriter BeginList()
    {
        _lists.Push(_length);
        return this;
    }

    /// <exception cref="InvalidOperationException">No list is open.</exception>
    public RlpWriter EndList()
    {
        int start = _lists.Pop();
        int length = _length - start;
        Span<byte> header = stackalloc byte[9];
        header = header[..Header(header, length, 0xC0)];
        Reserve(header.Length);
        _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + header.Length));
        header.CopyTo(_buffer.AsSpan(start));
        _length += header.Length;
        return this;
    }

    public RlpWriter Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= 0x80)
        {
            Span<byte> header = stackalloc byte[9];
            WriteEncoded(header[..Header(header, bytes.Length, 0x80)]);
        }

        return WriteEncoded(bytes);
    }

    public RlpWriter Write(byte[] bytes) => Write(bytes.AsSpan());

    /// <summary>A canonical integer: big-endian without leading zeros, zero as the empty string.</summary>
    public RlpWriter Write(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Write(bytes[(int)(ulong.LeadingZeroCount(value) / 8)..]);
    }

    public RlpWriter Write(UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[UInt256.Size];
        value.WriteBigEndian(bytes);
        return Write(bytes[(UInt256.Size - value.ByteCount)..]);
    }

    public RlpWriter Write(Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        hash.CopyTo(bytes);
        return Write(bytes);
    }

    public RlpWriter Write(Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        address.CopyTo(bytes);
        return Write(bytes);
    }

    /// <summary>0 or 1 as a canonical integer.</summary>
    public RlpWriter Write(bool value) => Write(value ? 1UL : 0UL);

    /// <summary>Appends bytes that already are RLP (or a type byte before it) as they stand.</summary>
    public RlpWriter WriteEncoded(ReadOnlySpan<byte> encoded)
    {
        Reserve(encoded.Length);
        encoded.CopyTo(_buffer.AsSpan(_length));
        _length += encoded.Length;
        return this;
    }

    /// <exception cref="InvalidOperationException">A list is still open.</exception>
    public byte[] ToArray() => _lists.Count == 0
        ? Written.ToArray()
        : throw new InvalidOperationException($"{_lists.Count} RLP list(s) are still open.");

    private static int Header(Span<byte> destination, int length, byte offset)
    {
        if (length < 56)
        {
            destination[0] = (byte)(offset + length);
            return 1;
        }

        int width = 4 - (int)(uint.LeadingZeroCount((uint)length) / 8);
        destination[0] = (byte)(offset + 55 + width);
        for (int i = 0; i < width; i++)
        {
            destination[1 + i] = (byte)(length >> (8 * (width - 1 - i)));
        }

        return 1 + width;
    }

    private void Reserve(int count)
    {
        int needed = checked(_length + count);
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length)));
        }
    }
}
