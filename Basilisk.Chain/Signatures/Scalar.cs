using System.Buffers.Binary;
using static Basilisk.Chain.Signatures.WideArithmetic;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// An integer modulo the group order n (SEC 2, section 2.4.1), always below n, in four 64-bit limbs, least significant
/// first. Nothing here branches on a value except where a name says Variable.
/// </summary>
internal readonly struct Scalar
{
    // n, and c = 2^256 − n, which has 129 bits: its third limb is 1.
    private const ulong N0 = 0xBFD25E8CD0364141, N1 = 0xBAAEDCE6AF48A03B, N2 = 0xFFFFFFFFFFFFFFFE, N3 = 0xFFFFFFFFFFFFFFFF;
    private const ulong C0 = 0x402DA1732FC9BEBF, C1 = 0x4551231950B75FC4;

    // ⌊n/2⌋
    private const ulong H0 = 0xDFE92F46681B20A0, H1 = 0x5D576E7357A4501D, H2 = 0xFFFFFFFFFFFFFFFF, H3 = 0x7FFFFFFFFFFFFFFF;

    private readonly ulong _n0, _n1, _n2, _n3;

    public Scalar(ulong n0, ulong n1, ulong n2, ulong n3)
    {
        _n0 = n0;
        _n1 = n1;
        _n2 = n2;
        _n3 = n3;
    }

    /// <summary>n itself, as 32 big-endian bytes.</summary>
    public static ReadOnlySpan<byte> OrderBytes =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
        0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48, 0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41,
    ];

    public static Scalar Zero => default;

    public static Scalar One => new(1, 0, 0, 0);

    public bool IsZero => (_n0 | _n1 | _n2 | _n3) == 0;

    /// <summary>Whether the value is above ⌊n/2⌋ (the half that EIP-2 forbids for s).</summary>
    public bool IsHigh => BorrowOf(H0, H1, H2, H3, _n0, _n1, _n2, _n3) != 0;

    /// <summary>Reads 32 big-endian bytes modulo n; tells whether they were at or above n.</summary>
    public static Scalar ReadReduced(ReadOnlySpan<byte> bytes, out bool overflow)
    {
        ulong n0 = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
        ulong n1 = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        ulong n2 = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        ulong n3 = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        overflow = BorrowOf(n0, n1, n2, n3, N0, N1, N2, N3) == 0;
        return SubtractOrder(n0, n1, n2, n3, overflow ? 1UL : 0);
    }

    /// <summary>Reads 32 big-endian bytes; false where they are zero or not below n.</summary>
    public static bool TryReadNonZero(ReadOnlySpan<byte> bytes, out Scalar scalar)
    {
        scalar = ReadReduced(bytes, out bool overflow);
        return !overflow & !scalar.IsZero;
    }

    /// <summary>Writes 32 big-endian bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _n3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _n2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _n1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _n0);
    }

    /// <summary>The limbs, least significant first.</summary>
    public void CopyLimbs(Span<ulong> limbs)
    {
        limbs[0] = _n0;
        limbs[1] = _n1;
        limbs[2] = _n2;
        limbs[3] = _n3;
    }

    public static Scalar operator +(in Scalar x, in Scalar y)
    {
        ulong carry = 0;
        ulong n0 = AddWithCarry(x._n0, y._n0, ref carry);
        ulong n1 = AddWithCarry(x._n1, y._n1, ref carry);
        ulong n2 = AddWithCarry(x._n2, y._n2, ref carry);
        ulong n3 = AddWithCarry(x._n3, y._n3, ref carry);
        ulong atLeastN = 1 - BorrowOf(n0, n1, n2, n3, N0, N1, N2, N3);
        return SubtractOrder(n0, n1, n2, n3, carry | atLeastN);
    }

    public static Scalar operator -(in Scalar x)
    {
        ulong borrow = 0;
        ulong mask = 0 - (x.IsZero ? 0UL : 1UL);
        ulong n0 = SubtractWithBorrow(N0, x._n0, ref borrow);
        ulong n1 = SubtractWithBorrow(N1, x._n1, ref borrow);
        ulong n2 = SubtractWithBorrow(N2, x._n2, ref borrow);
        ulong n3 = SubtractWithBorrow(N3, x._n3, ref borrow);
        return new Scalar(n0 & mask, n1 & mask, n2 & mask, n3 & mask);
    }

    public static Scalar operator *(in Scalar x, in Scalar y)
    {
        Span<ulong> product = stackalloc ulong[8];
        Multiply512(x, y, product);
        return Reduce(product);
    }

    /// <summary>−x where the flag is 1, x where it is 0, in the same steps.</summary>
    public Scalar NegateIf(bool flag)
    {
        ulong mask = 0 - (flag ? 1UL : 0);
        Scalar negated = -this;
        return new Scalar(
            (_n0 & ~mask) | (negated._n0 & mask),
            (_n1 & ~mask) | (negated._n1 & mask),
            (_n2 & ~mask) | (negated._n2 & mask),
            (_n3 & ~mask) | (negated._n3 & mask));
    }

    /// <summary>x^(n−2): the inverse by Fermat, in the same steps for every x. Zero gives zero.</summary>
    public Scalar Invert()
    {
        Span<Scalar> powers = stackalloc Scalar[16];
        powers[0] = One;
        for (int i = 1; i < 16; i++)
        {
            powers[i] = powers[i - 1] * this;
        }

        // The exponent is public, so looking up by its digits tells nothing.
        ReadOnlySpan<ulong> exponent = [N3, N2, N1, N0 - 2];
        Scalar result = One;
        foreach (ulong word in exponent)
        {
            for (int shift = 60; shift >= 0; shift -= 4)
            {
                result *= result;
                result *= result;
                result *= result;
                result *= result;
                result *= powers[(int)(word >> shift) & 15];
            }
        }

        return result;
    }

    /// <summary>All 512 bits of a product of limbs.</summary>
    public static void Multiply512(in Scalar x, in Scalar y, Span<ulong> product)
    {
        ulong carry = MultiplyAdd(x._n0, y._n0, 0, 0, out product[0]);
        carry = MultiplyAdd(x._n0, y._n1, 0, carry, out product[1]);
        carry = MultiplyAdd(x._n0, y._n2, 0, carry, out product[2]);
        product[4] = MultiplyAdd(x._n0, y._n3, 0, carry, out product[3]);
        MultiplyRow(x._n1, y, product[1..]);
        MultiplyRow(x._n2, y, product[2..]);
        MultiplyRow(x._n3, y, product[3..]);
    }

    private static void MultiplyRow(ulong x, in Scalar y, Span<ulong> row)
    {
        ulong carry = MultiplyAdd(x, y._n0, row[0], 0, out row[0]);
        carry = MultiplyAdd(x, y._n1, row[1], carry, out row[1]);
        carry = MultiplyAdd(x, y._n2, row[2], carry, out row[2]);
        row[4] = MultiplyAdd(x, y._n3, row[3], carry, out row[3]);
    }

    /// <summary>512 bits modulo n: fold the part above 2²⁵⁶, worth c each, until nothing is left above.</summary>
    private static Scalar Reduce(ReadOnlySpan<ulong> wide)
    {
        Span<ulong> first = stackalloc ulong[7]; // below 2^386
        Fold(wide[..4], wide[4..8], first);
        Span<ulong> second = stackalloc ulong[6]; // below 2^260: the last limb is 0
        Fold(first[..4], first[4..7], second);
        Span<ulong> third = stackalloc ulong[5]; // below 2^256 + 2^134
        Fold(second[..4], second[4..5], third);
        ulong atLeastN = 1 - BorrowOf(third[0], third[1], third[2], third[3], N0, N1, N2, N3);
        return SubtractOrder(third[0], third[1], third[2], third[3], third[4] | atLeastN);
    }

    /// <summary>result = low + high·c. Loops run over lengths, never over values.</summary>
    private static void Fold(ReadOnlySpan<ulong> low, ReadOnlySpan<ulong> high, Span<ulong> result)
    {
        result.Clear();
        low.CopyTo(result);
        for (int i = 0; i < high.Length; i++)
        {
            ulong carry = MultiplyAdd(high[i], C0, result[i], 0, out result[i]);
            carry = MultiplyAdd(high[i], C1, result[i + 1], carry, out result[i + 1]);
            ulong bit = 0;
            result[i + 2] = AddWithCarry(result[i + 2], high[i], ref bit);
            ulong second = 0;
            result[i + 2] = AddWithCarry(result[i + 2], carry, ref second);
            bit += second;
            for (int j = i + 3; j < result.Length; j++)
            {
                ulong next = 0;
                result[j] = AddWithCarry(result[j], bit, ref next);
                bit = next;
            }
        }
    }

    /// <summary>Subtracts n where the flag is 1, by adding c and dropping 2²⁵⁶.</summary>
    private static Scalar SubtractOrder(ulong n0, ulong n1, ulong n2, ulong n3, ulong flag)
    {
        ulong mask = 0 - flag;
        ulong carry = 0;
        n0 = AddWithCarry(n0, C0 & mask, ref carry);
        n1 = AddWithCarry(n1, C1 & mask, ref carry);
        n2 = AddWithCarry(n2, flag, ref carry);
        return new Scalar(n0, n1, n2, n3 + carry);
    }

    /// <summary>1 where x is below y, else 0.</summary>
    private static ulong BorrowOf(ulong x0, ulong x1, ulong x2, ulong x3, ulong y0, ulong y1, ulong y2, ulong y3)
    {
        ulong borrow = 0;
        SubtractWithBorrow(x0, y0, ref borrow);
        SubtractWithBorrow(x1, y1, ref borrow);
        SubtractWithBorrow(x2, y2, ref borrow);
        SubtractWithBorrow(x3, y3, ref borrow);
        return borrow;
    }
}
