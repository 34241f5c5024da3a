using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Basilisk.Chain.Primitives;

/// <summary>
/// An unsigned integer of 256 bits: amounts in wei, targets, accumulated work.
/// Arithmetic is checked: a sum or product that does not fit and a difference below zero throw
/// <see cref="OverflowException"/>, because a wrapped amount is money from nothing. Where overflow is an expected
/// outcome of untrusted numbers, <see cref="TryAdd"/>, <see cref="TrySubtract"/> and <see cref="TryMultiply"/> say so.
/// Shifts drop the bits that leave.
/// </summary>
public readonly struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _w0, _w1, _w2, _w3; // little-endian words, _w3 most significant

    /// <summary>Words from least to most significant.</summary>
    public UInt256(ulong w0, ulong w1 = 0, ulong w2 = 0, ulong w3 = 0)
    {
        _w0 = w0;
        _w1 = w1;
        _w2 = w2;
        _w3 = w3;
    }

    public static UInt256 Zero => default;

    public static UInt256 One => new(1);

    public static UInt256 MaxValue => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public bool IsZero => (_w0 | _w1 | _w2 | _w3) == 0;

    /// <summary>Bits up to the highest that is set; 0 for zero.</summary>
    public int BitLength => _w3 != 0 ? 256 - BitOperations.LeadingZeroCount(_w3)
        : _w2 != 0 ? 192 - BitOperations.LeadingZeroCount(_w2)
        : _w1 != 0 ? 128 - BitOperations.LeadingZeroCount(_w1)
        : 64 - BitOperations.LeadingZeroCount(_w0);

    /// <summary>Bytes of the shortest big-endian form; 0 for zero.</summary>
    public int ByteCount => (BitLength + 7) / 8;

    /// <summary>The lowest 64 bits.</summary>
    public ulong LowWord => _w0;

    /// <param name="bytes">At most 32 bytes, most significant first; leading zeros may be left out.</param>
    /// <exception cref="ArgumentException">More than 32 bytes.</exception>
    public static UInt256 FromBigEndian(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Size)
        {
            throw new ArgumentException($"A 256-bit integer has at most {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        Span<byte> padded = stackalloc byte[Size];
        padded.Clear();
        bytes.CopyTo(padded[(Size - bytes.Length)..]);
        return new UInt256(
            BinaryPrimitives.ReadUInt64BigEndian(padded[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(padded[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(padded[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(padded));
    }

    /// <summary>Writes all 32 bytes, most significant first.</summary>
    public void WriteBigEndian(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _w3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _w2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _w1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _w0);
    }

    /// <summary>All 32 bytes, most significant first.</summary>
    public byte[] ToBigEndian()
    {
        var bytes = new byte[Size];
        WriteBigEndian(bytes);
        return bytes;
    }

    /// <summary>The sum, or false where it needs more than 256 bits.</summary>
    public static bool TryAdd(UInt256 left, UInt256 right, out UInt256 sum)
    {
        UInt128 t = (UInt128)left._w0 + right._w0;
        ulong w0 = (ulong)t;
        t = (t >> 64) + left._w1 + right._w1;
        ulong w1 = (ulong)t;
        t = (t >> 64) + left._w2 + right._w2;
        ulong w2 = (ulong)t;
        t = (t >> 64) + left._w3 + right._w3;
        sum = new UInt256(w0, w1, w2, (ulong)t);
        return t >> 64 == UInt128.Zero;
    }

    /// <summary>The difference, or false where it is below zero.</summary>
    public static bool TrySubtract(UInt256 left, UInt256 right, out UInt256 difference)
    {
        ulong w0 = left._w0 - right._w0;
        ulong borrow = left._w0 < right._w0 ? 1UL : 0;
        ulong w1 = SubtractWithBorrow(left._w1, right._w1, ref borrow);
        ulong w2 = SubtractWithBorrow(left._w2, right._w2, ref borrow);
        ulong w3 = SubtractWithBorrow(left._w3, right._w3, ref borrow);
        difference = new UInt256(w0, w1, w2, w3);
        return borrow == 0;
    }

    /// <summary>The product, or false where it needs more than 256 bits.</summary>
    public static bool TryMultiply(UInt256 left, UInt256 right, out UInt256 product)
    {
        Span<ulong> a = [left._w0, left._w1, left._w2, left._w3];
        Span<ulong> b = [right._w0, right._w1, right._w2, right._w3];
        Span<ulong> wide = stackalloc ulong[8];
        wide.Clear();
        for (int i = 0; i < 4; i++)
        {
            ulong carry = 0;
            for (int j = 0; j < 4; j++)
            {
                UInt128 t = ((UInt128)a[i] * b[j]) + wide[i + j] + carry;
                wide[i + j] = (ulong)t;
                carry = (ulong)(t >> 64);
            }

            wide[i + 4] = carry;
        }

        product = new UInt256(wide[0], wide[1], wide[2], wide[3]);
        return (wide[4] | wide[5] | wide[6] | wide[7]) == 0;
    }

    /// <summary>Quotient and remainder.</summary>
    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static (UInt256 Quotient, UInt256 Remainder) DivRem(UInt256 dividend, UInt256 divisor)
    {
        if (divisor.IsZero)
        {
            throw new DivideByZeroException();
        }

        if (dividend < divisor)
        {
            return (Zero, dividend);
        }

        return UInt256Division.DivRem(dividend, divisor);
    }

    public static UInt256 operator +(UInt256 left, UInt256 right) => TryAdd(left, right, out UInt256 sum)
        ? sum
        : throw new OverflowException("The sum needs more than 256 bits.");

    public static UInt256 operator -(UInt256 left, UInt256 right) => TrySubtract(left, right, out UInt256 difference)
        ? difference
        : throw new OverflowException("The difference is below zero.");

    public static UInt256 operator *(UInt256 left, UInt256 right) => TryMultiply(left, right, out UInt256 product)
        ? product
        : throw new OverflowException("The product needs more than 256 bits.");

    public static UInt256 operator /(UInt256 left, UInt256 right) => DivRem(left, right).Quotient;

    public static UInt256 operator %(UInt256 left, UInt256 right) => DivRem(left, right).Remainder;

    /// <summary>Shifts up, dropping bits above 256. A count of 256 or more gives zero.</summary>
    public static UInt256 operator <<(UInt256 value, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int bits = count & 63;
        (ulong w0, ulong w1, ulong w2, ulong w3) = (count >> 6) switch
        {
            0 => (value._w0, value._w1, value._w2, value._w3),
            1 => (0UL, value._w0, value._w1, value._w2),
            2 => (0UL, 0UL, value._w0, value._w1),
            3 => (0UL, 0UL, 0UL, value._w0),
            _ => default,
        };
        return bits == 0
            ? new UInt256(w0, w1, w2, w3)
            : new UInt256(w0 << bits, (w1 << bits) | (w0 >> (64 - bits)), (w2 << bits) | (w1 >> (64 - bits)), (w3 << bits) | (w2 >> (64 - bits)));
    }

    /// <summary>Shifts down, dropping the low bits. A count of 256 or more gives zero.</summary>
    public static UInt256 operator >>(UInt256 value, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int bits = count & 63;
        (ulong w0, ulong w1, ulong w2, ulong w3) = (count >> 6) switch
        {
            0 => (value._w0, value._w1, value._w2, value._w3),
            1 => (value._w1, value._w2, value._w3, 0UL),
            2 => (value._w2, value._w3, 0UL, 0UL),
            3 => (value._w3, 0UL, 0UL, 0UL),
            _ => default,
        };
        return bits == 0
            ? new UInt256(w0, w1, w2, w3)
            : new UInt256((w0 >> bits) | (w1 << (64 - bits)), (w1 >> bits) | (w2 << (64 - bits)), (w2 >> bits) | (w3 << (64 - bits)), w3 >> bits);
    }

    public static UInt256 operator &(UInt256 left, UInt256 right) =>
        new(left._w0 & right._w0, left._w1 & right._w1, left._w2 & right._w2, left._w3 & right._w3);

    public static UInt256 operator |(UInt256 left, UInt256 right) =>
        new(left._w0 | right._w0, left._w1 | right._w1, left._w2 | right._w2, left._w3 | right._w3);

    public static UInt256 operator ~(UInt256 value) => new(~value._w0, ~value._w1, ~value._w2, ~value._w3);

    public static implicit operator UInt256(ulong value) => new(value);

    public static implicit operator UInt256(uint value) => new(value);

    public static implicit operator UInt256(UInt128 value) => new((ulong)value, (ulong)(value >> 64));

    /// <exception cref="OverflowException">The value is negative.</exception>
    public static implicit operator UInt256(int value) => new(checked((ulong)value));

    /// <exception cref="OverflowException">The value is negative.</exception>
    public static explicit operator UInt256(long value) => new(checked((ulong)value));

    /// <exception cref="OverflowException">The value is negative or needs more than 256 bits.</exception>
    public static explicit operator UInt256(BigInteger value)
    {
        if (value.Sign < 0 || value.GetByteCount(isUnsigned: true) > Size)
        {
            throw new OverflowException("The number is not an unsigned integer of 256 bits.");
        }

        return FromBigEndian(value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    public static implicit operator BigInteger(UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        value.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    /// <exception cref="OverflowException">The value needs more than 64 bits.</exception>
    public static explicit operator ulong(UInt256 value) => value.TryToUInt64(out ulong word)
        ? word
        : throw new OverflowException("The number needs more than 64 bits.");

    /// <summary>The value, or false where it needs more than 64 bits.</summary>
    public bool TryToUInt64(out ulong value)
    {
        value = _w0;
        return (_w1 | _w2 | _w3) == 0;
    }

    /// <summary>Reads decimal digits: no sign, no separators, no blanks.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UInt256 value)
    {
        value = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        UInt256 total = Zero;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c)
                || !TryMultiply(total, 10UL, out total)
                || !TryAdd(total, (ulong)(c - '0'), out total))
            {
                return false;
            }
        }

        value = total;
        return true;
    }

    /// <exception cref="FormatException">The text is not a decimal number below 2²⁵⁶.</exception>
    public static UInt256 Parse(string text) => TryParse(text, out UInt256 value)
        ? value
        : throw new FormatException("An amount is decimal digits, below 2^256.");

    /// <summary>Reads a JSON-RPC quantity: 0x and digits without leading zeros, "0x0" for zero.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? text, out UInt256 value)
    {
        value = default;
        if (text is null || text.Length < 3 || text.Length > 2 + (2 * Size)
            || !text.StartsWith("0x", StringComparison.Ordinal) || (text[2] == '0' && text.Length > 3))
        {
            return false;
        }

        UInt256 total = Zero;
        foreach (char c in text.AsSpan(2))
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }

            total = (total << 4) | new UInt256((ulong)(char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10));
        }

        value = total;
        return true;
    }

    /// <summary>The shortest hexadecimal form with 0x: a JSON-RPC quantity.</summary>
    public string ToHex()
    {
        string digits = Convert.ToHexStringLower(ToBigEndian()).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <summary>Decimal digits.</summary>
    public override string ToString() => UInt256Division.ToDecimal(this);

    public int CompareTo(UInt256 other) =>
        _w3 != other._w3 ? _w3.CompareTo(other._w3)
        : _w2 != other._w2 ? _w2.CompareTo(other._w2)
        : _w1 != other._w1 ? _w1.CompareTo(other._w1)
        : _w0.CompareTo(other._w0);

    public bool Equals(UInt256 other) => _w0 == other._w0 && _w1 == other._w1 && _w2 == other._w2 && _w3 == other._w3;

    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_w0, _w1, _w2, _w3);

    public static UInt256 Min(UInt256 left, UInt256 right) => left < right ? left : right;

    public static UInt256 Max(UInt256 left, UInt256 right) => left > right ? left : right;

    public static bool operator ==(UInt256 left, UInt256 right) => left.Equals(right);

    public static bool operator !=(UInt256 left, UInt256 right) => !left.Equals(right);

    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    /// <summary>Copies the four words, least significant first.</summary>
    internal void CopyWords(Span<ulong> words)
    {
        words[0] = _w0;
        words[1] = _w1;
        words[2] = _w2;
        words[3] = _w3;
    }

    private static ulong SubtractWithBorrow(ulong left, ulong right, ref ulong borrow)
    {
        ulong partial = left - right;
        ulong result = partial - borrow;
        borrow = (left < right ? 1UL : 0) | (partial < borrow ? 1UL : 0);
        return result;
    }
}
