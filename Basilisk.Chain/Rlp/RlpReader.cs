using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Rlp;

/// <summary>
/// Strict reader of Recursive Length Prefix (Ethereum yellow paper, appendix B): every value has one encoding and
/// any other is refused. It walks a span and allocates nothing, so a hostile length costs nothing.
/// <para>
/// The first refusal sticks: later reads return defaults and <see cref="HasMore"/> turns false. A decoder is
/// therefore written as a straight line of reads with one look at <see cref="Refusal"/> at the end.
/// </para>
/// </summary>
public ref struct RlpReader
{
    /// <summary>Lists within lists; Basilisk's deepest format needs six.</summary>
    public const int MaximumDepth = 16;

    private readonly ReadOnlySpan<byte> _data;
    private Ends _ends;
    private int _depth;
    private int _position;
    private int _end;
    private Refusal? _refusal;

    public RlpReader(ReadOnlySpan<byte> data)
    {
        _data = data;
        _end = data.Length;
    }

    /// <summary>The first refusal, or null while all is well.</summary>
    public readonly Refusal? Refusal => _refusal;

    public readonly bool Failed => _refusal is not null;

    /// <summary>Whether the current list (or the input) has another item.</summary>
    public readonly bool HasMore => _refusal is null && _position < _end;

    /// <summary>Whether the next item is a list. False at the end.</summary>
    public readonly bool NextIsList => HasMore && _data[_position] >= 0xC0;

    /// <summary>Offset of the next item in the input.</summary>
    public readonly int Position => _position;

    /// <summary>Enters a list; its items are read until <see cref="LeaveList"/>.</summary>
    /// <param name="field">Name of the field for the refusal's sentence.</param>
    public void EnterList(string field = "list")
    {
        if (!Header(field, wantList: true, out int start, out int length))
        {
            return;
        }

        if (_depth == MaximumDepth)
        {
            Refuse(RlpToken.TooDeep, field, "is nested too deep", _depth + 1, MaximumDepth);
            return;
        }

        _ends[_depth++] = _end;
        _position = start;
        _end = start + length;
    }

    /// <summary>Leaves the list, refusing items that nothing read.</summary>
    public void LeaveList(string field = "list")
    {
        if (Failed)
        {
            return;
        }

        if (_depth == 0)
        {
            throw new InvalidOperationException("LeaveList without EnterList.");
        }

        if (_position != _end)
        {
            Refuse(RlpToken.ListTooLong, field, "has more items than its format", _end - _position, 0);
            return;
        }

        _end = _ends[--_depth];
    }

    /// <summary>Ends the input, refusing anything that follows.</summary>
    public void End()
    {
        if (!Failed && _position != _data.Length)
        {
            Refuse(RlpToken.TrailingBytes, "input", "has bytes after its item", _data.Length, _position);
        }
    }

    /// <summary>A byte string of at most <paramref name="cap"/> bytes; a slice of the input, not a copy.</summary>
    public ReadOnlySpan<byte> ReadBytes(int cap = int.MaxValue, string field = "bytes")
    {
        if (!Header(field, wantList: false, out int start, out int length))
        {
            return default;
        }

        if (length > cap)
        {
            Refuse(RlpToken.TooLong, field, "is longer than its cap", length, cap);
            return default;
        }

        _position = start + length;
        return _data.Slice(start, length);
    }

    /// <summary>A byte string of exactly <paramref name="length"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadExactly(int length, string field = "bytes")
    {
        ReadOnlySpan<byte> bytes = ReadBytes(field: field);
        if (!Failed && bytes.Length != length)
        {
            Refuse(RlpToken.WrongLength, field, "has the wrong length", bytes.Length, length);
        }

        return Failed ? default : bytes;
    }

    /// <summary>A canonical integer of at most 8 bytes.</summary>
    public ulong ReadUInt64(string field = "integer")
    {
        ulong value = 0;
        foreach (byte b in ReadInteger(sizeof(ulong), field))
        {
            value = (value << 8) | b;
        }

        return value;
    }

    /// <summary>A canonical integer of at most 4 bytes.</summary>
    public uint ReadUInt32(string field = "integer")
    {
        uint value = 0;
        foreach (byte b in ReadInteger(sizeof(uint), field))
        {
            value = (value << 8) | b;
        }

        return value;
    }

    /// <summary>A canonical integer of at most 32 bytes.</summary>
    public UInt256 ReadUInt256(string field = "integer") => UInt256.FromBigEndian(ReadInteger(UInt256.Size, field));

    /// <summary>Exactly 32 bytes.</summary>
    public Hash256 ReadHash(string field = "hash")
    {
        ReadOnlySpan<byte> bytes = ReadExactly(Hash256.Size, field);
        return Failed ? default : new Hash256(bytes);
    }

    /// <summary>Exactly 20 bytes.</summary>
    public Address ReadAddress(string field = "address")
    {
        ReadOnlySpan<byte> bytes = ReadExactly(Address.Size, field);
        return Failed ? default : new Address(bytes);
    }

    /// <summary>0 or 1 as a canonical integer.</summary>
    public bool ReadBoolean(string field = "flag")
    {
        ReadOnlySpan<byte> bytes = ReadInteger(1, field);
        if (bytes.Length == 1 && bytes[0] > 1)
        {
            Refuse(RlpToken.IntegerTooLarge, field, "is neither 0 nor 1", bytes[0], 1);
        }

        return !Failed && bytes.Length == 1;
    }

    /// <summary>Passes over one item and returns its whole encoding, header included. Its inside is not checked.</summary>
    public ReadOnlySpan<byte> ReadEncoded(string field = "item")
    {
        int from = _position;
        if (!Header(field, wantList: null, out int start, out int length))
        {
            return default;
        }

        _position = start + length;
        return _data[from.._position];
    }

    /// <summary>
    /// Counts the items left in the current list without moving, so that an array can be sized after its cap was
    /// checked. Refuses a broken header among them, or more than <paramref name="cap"/>.
    /// </summary>
    public int CountItems(int cap, string field = "list")
    {
        int from = _position;
        int count = 0;
        while (HasMore && count <= cap)
        {
            ReadEncoded(field);
            count++;
        }

        if (Failed)
        {
            return 0;
        }

        _position = from;
        if (count > cap)
        {
            Refuse(RlpToken.ListTooLong, field, "has more items than its cap", count, cap);
            return 0;
        }

        return count;
    }

    /// <summary>
    /// Refuses on behalf of the format being read (a value that is canonical but out of its range).
    /// Does nothing where an earlier refusal stands.
    /// </summary>
    public void Refuse(string token, string field, string why, long? seen = null, long? allowed = null) =>
        _refusal ??= new Refusal(RefusalKind.Malformed, token, $"{field} {why}", seen, allowed);

    private ReadOnlySpan<byte> ReadInteger(int width, string field)
    {
        ReadOnlySpan<byte> bytes = ReadBytes(field: field);
        if (bytes.Length > 0 && bytes[0] == 0)
        {
            Refuse(RlpToken.IntegerLeadingZero, field, "begins with a zero byte");
        }
        else if (bytes.Length > width)
        {
            Refuse(RlpToken.IntegerTooLarge, field, "is wider than its type, in bytes", bytes.Length, width);
        }

        return Failed ? default : bytes;
    }

    /// <summary>Reads an item's header and checks that its payload lies within the current list.</summary>
    private bool Header(string field, bool? wantList, out int start, out int length)
    {
        start = _position;
        length = 0;
        if (Failed)
        {
            return false;
        }

        if (_position >= _end)
        {
            Refuse(_depth == 0 ? RlpToken.Truncated : RlpToken.ListTooShort, field, "is missing");
            return false;
        }

        byte prefix = _data[_position];
        bool isList = prefix >= 0xC0;
        if (wantList is { } want && want != isList)
        {
            Refuse(want ? RlpToken.ListExpected : RlpToken.BytesExpected, field, want ? "is not a list" : "is a list");
            return false;
        }

        if (prefix < 0x80)
        {
            length = 1;
            return true;
        }

        int form = prefix - (isList ? 0xC0 : 0x80);
        start = _position + 1;
        length = form;
        if (form > 55 && !LongLength(field, form - 55, ref start, out length))
        {
            return false;
        }

        if (length > _end - start)
        {
            Refuse(RlpToken.Truncated, field, "runs past its end", length, _end - start);
            return false;
        }

        if (!isList && length == 1 && form == 1 && _data[start] < 0x80)
        {
            Refuse(RlpToken.ByteNotMinimal, field, "is a small byte with a prefix");
            return false;
        }

        return true;
    }

    private bool LongLength(string field, int width, ref int start, out int length)
    {
        length = 0;
        if (width > _end - start)
        {
            Refuse(RlpToken.Truncated, field, "ends within its length", width, _end - start);
            return false;
        }

        ReadOnlySpan<byte> digits = _data.Slice(start, width);
        if (digits[0] == 0)
        {
            Refuse(RlpToken.LengthLeadingZero, field, "has a length that begins with a zero byte");
            return false;
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        digits.CopyTo(padded[(sizeof(ulong) - width)..]);
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(padded);
        if (value < 56)
        {
            Refuse(RlpToken.LengthNotMinimal, field, "has a long length where the short form fits", (long)value, 55);
            return false;
        }

        start += width;
        if (value > (ulong)(_end - start))
        {
            Refuse(RlpToken.Truncated, field, "runs past its end", (long)Math.Min(value, long.MaxValue), _end - start);
            return false;
        }

        length = (int)value;
        return true;
    }

    [InlineArray(MaximumDepth)]
    private struct Ends
    {
        private int _first;
    }
}
