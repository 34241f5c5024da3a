using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Basilisk.Chain.Signatures.WideArithmetic;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// An integer modulo p = 2²⁵⁶ − 2³² − 977 in four 64-bit limbs, least significant first (SEC 2, section 2.4.1).
/// Limbs hold any value below 2²⁵⁶; <see cref="Normalize"/> gives the one below p. Nothing here branches on a value
/// except where a name says Variable, so that signing may use it.
/// </summary>
internal readonly struct FieldElement
{
    /// <summary>2²⁵⁶ − p: what a carry out of the top limb is worth.</summary>
    private const ulong Fold = 0x1000003D1;

    private const ulong LowestLimbOfP = 0xFFFFFFFEFFFFFC2F;

    private readonly ulong _n0, _n1, _n2, _n3;

    public FieldElement(ulong n0, ulong n1, ulong n2, ulong n3)
    {
        _n0 = n0;
        _n1 = n1;
        _n2 = n2;
        _n3 = n3;
    }

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0);

    /// <summary>Whether the value is zero modulo p.</summary>
    public bool IsZero =>
        ((_n0 | _n1 | _n2 | _n3) == 0) | (((_n1 & _n2 & _n3) == ulong.MaxValue) & (_n0 == LowestLimbOfP));

    public bool IsOdd => (Normalize()._n0 & 1) != 0;

    /// <summary>Reads 32 big-endian bytes as they are; values from p to 2²⁵⁶ − 1 stand for themselves less p.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));

    /// <summary>Reads 32 big-endian bytes; false where they are not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FieldElement element)
    {
        element = Read(bytes);
        return !element.IsAtLeastP();
    }

    /// <summary>Writes the normalised value as 32 big-endian bytes.</summary>
    public void Write(Span<byte> destination)
    {
        FieldElement n = Normalize();
        BinaryPrimitives.WriteUInt64BigEndian(destination, n._n3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], n._n2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], n._n1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], n._n0);
    }

    /// <summary>The limbs, least significant first.</summary>
    public void CopyLimbs(Span<ulong> limbs)
    {
        limbs[0] = _n0;
        limbs[1] = _n1;
        limbs[2] = _n2;
        limbs[3] = _n3;
    }

    public FieldElement Normalize()
    {
        ulong subtract = IsAtLeastP() ? 1UL : 0;
        ulong mask = 0 - subtract;

        // Adding 2^256 − p and dropping the carry subtracts p.
        ulong carry = 0;
        ulong n0 = AddWithCarry(_n0, Fold & mask, ref carry);
        ulong n1 = AddWithCarry(_n1, 0, ref carry);
        ulong n2 = AddWithCarry(_n2, 0, ref carry);
        ulong n3 = _n3 + carry;
        return new FieldElement(n0, n1, n2, n3);
    }

    [SkipLocalsInit]
    public static FieldElement operator *(in FieldElement x, in FieldElement y)
    {
        ulong x0 = x._n0, x1 = x._n1, x2 = x._n2, x3 = x._n3;
        ulong y0 = y._n0, y1 = y._n1, y2 = y._n2, y3 = y._n3;

        // Column by column; c0..c2 is the running column with its carries.
        ulong r0 = x0 * y0;
        ulong c0 = MultiplyHigh(x0, y0);
        ulong c1 = 0;
        ulong c2 = 0;
        Accumulate(x0, y1, ref c0, ref c1, ref c2);
        Accumulate(x1, y0, ref c0, ref c1, ref c2);
        ulong r1 = NextColumn(ref c0, ref c1, ref c2);
        Accumulate(x0, y2, ref c0, ref c1, ref c2);
        Accumulate(x1, y1, ref c0, ref c1, ref c2);
        Accumulate(x2, y0, ref c0, ref c1, ref c2);
        ulong r2 = NextColumn(ref c0, ref c1, ref c2);
        Accumulate(x0, y3, ref c0, ref c1, ref c2);
        Accumulate(x1, y2, ref c0, ref c1, ref c2);
        Accumulate(x2, y1, ref c0, ref c1, ref c2);
        Accumulate(x3, y0, ref c0, ref c1, ref c2);
        ulong r3 = NextColumn(ref c0, ref c1, ref c2);
        Accumulate(x1, y3, ref c0, ref c1, ref c2);
        Accumulate(x2, y2, ref c0, ref c1, ref c2);
        Accumulate(x3, y1, ref c0, ref c1, ref c2);
        ulong r4 = NextColumn(ref c0, ref c1, ref c2);
        Accumulate(x2, y3, ref c0, ref c1, ref c2);
        Accumulate(x3, y2, ref c0, ref c1, ref c2);
        ulong r5 = NextColumn(ref c0, ref c1, ref c2);
        Accumulate(x3, y3, ref c0, ref c1, ref c2);
        return Reduce(r0, r1, r2, r3, r4, r5, c0, c1);
    }

    [SkipLocalsInit]
    public FieldElement Square()
    {
        ulong x0 = _n0, x1 = _n1, x2 = _n2, x3 = _n3;
        ulong r0 = x0 * x0;
        ulong c0 = MultiplyHigh(x0, x0);
        ulong c1 = 0;
        ulong c2 = 0;
        AccumulateTwice(x0, x1, ref c0, ref c1, ref c2);
        ulong r1 = NextColumn(ref c0, ref c1, ref c2);
        AccumulateTwice(x0, x2, ref c0, ref c1, ref c2);
        Accumulate(x1, x1, ref c0, ref c1, ref c2);
        ulong r2 = NextColumn(ref c0, ref c1, ref c2);
        AccumulateTwice(x0, x3, ref c0, ref c1, ref c2);
        AccumulateTwice(x1, x2, ref c0, ref c1, ref c2);
        ulong r3 = NextColumn(ref c0, ref c1, ref c2);
        AccumulateTwice(x1, x3, ref c0, ref c1, ref c2);
        Accumulate(x2, x2, ref c0, ref c1, ref c2);
        ulong r4 = NextColumn(ref c0, ref c1, ref c2);
        AccumulateTwice(x2, x3, ref c0, ref c1, ref c2);
        ulong r5 = NextColumn(ref c0, ref c1, ref c2);
        Accumulate(x3, x3, ref c0, ref c1, ref c2);
        return Reduce(r0, r1, r2, r3, r4, r5, c0, c1);
    }

    public FieldElement Square(int times)
    {
        FieldElement result = this;
        for (int i = 0; i < times; i++)
        {
            result = result.Square();
        }

        return result;
    }

    public static FieldElement operator +(in FieldElement x, in FieldElement y)
    {
        ulong carry = 0;
        ulong n0 = AddWithCarry(x._n0, y._n0, ref carry);
        ulong n1 = AddWithCarry(x._n1, y._n1, ref carry);
        ulong n2 = AddWithCarry(x._n2, y._n2, ref carry);
        ulong n3 = AddWithCarry(x._n3, y._n3, ref carry);
        return FoldCarry(n0, n1, n2, n3, carry);
    }

    public static FieldElement operator -(in FieldElement x, in FieldElement y)
    {
        ulong borrow = 0;
        ulong n0 = SubtractWithBorrow(x._n0, y._n0, ref borrow);
        ulong n1 = SubtractWithBorrow(x._n1, y._n1, ref borrow);
        ulong n2 = SubtractWithBorrow(x._n2, y._n2, ref borrow);
        ulong n3 = SubtractWithBorrow(x._n3, y._n3, ref borrow);

        // A borrow took 2^256, which is Fold more than p.
        ulong fold = Fold & (0 - borrow);
        borrow = n0 < fold ? 1UL : 0;
        n0 -= fold;
        ulong next = n1 < borrow ? 1UL : 0;
        n1 -= borrow;
        borrow = n2 < next ? 1UL : 0;
        n2 -= next;
        next = n3 < borrow ? 1UL : 0;
        n3 -= borrow;

        // A second borrow leaves limbs just below 2^256, so the lowest can give Fold once more by itself.
        return new FieldElement(n0 - (Fold & (0 - next)), n1, n2, n3);
    }

    public static FieldElement operator -(in FieldElement x) => Zero - x;

    /// <summary>x/2: adds p where x is odd and shifts.</summary>
    public FieldElement Half()
    {
        ulong mask = 0 - (_n0 & 1);
        ulong carry = 0;
        ulong n0 = AddWithCarry(_n0, LowestLimbOfP & mask, ref carry);
        ulong n1 = AddWithCarry(_n1, mask, ref carry);
        ulong n2 = AddWithCarry(_n2, mask, ref carry);
        ulong n3 = AddWithCarry(_n3, mask, ref carry);
        return new FieldElement((n0 >> 1) | (n1 << 63), (n1 >> 1) | (n2 << 63), (n2 >> 1) | (n3 << 63), (n3 >> 1) | (carry << 63));
    }

    /// <summary>Product with a number below 2³².</summary>
    public FieldElement MultiplySmall(ulong factor)
    {
        ulong carry = MultiplyAdd(_n0, factor, 0, 0, out ulong n0);
        carry = MultiplyAdd(_n1, factor, 0, carry, out ulong n1);
        carry = MultiplyAdd(_n2, factor, 0, carry, out ulong n2);
        carry = MultiplyAdd(_n3, factor, 0, carry, out ulong n3);
        ulong high = MultiplyAdd(carry, Fold, n0, 0, out n0);
        ulong overflow = 0;
        n1 = AddWithCarry(n1, high, ref overflow);
        n2 = AddWithCarry(n2, 0, ref overflow);
        n3 = AddWithCarry(n3, 0, ref overflow);
        return FoldCarry(n0, n1, n2, n3, overflow);
    }

    public bool EqualTo(in FieldElement other) => (this - other).IsZero;

    /// <summary>The element where mask is all ones, zero where it is zero.</summary>
    public FieldElement Masked(ulong mask) => new(_n0 & mask, _n1 & mask, _n2 & mask, _n3 & mask);

    public static FieldElement operator |(in FieldElement x, in FieldElement y) =>
        new(x._n0 | y._n0, x._n1 | y._n1, x._n2 | y._n2, x._n3 | y._n3);

    /// <summary>x^(p−2): the inverse by Fermat, in the same steps for every x. Zero gives zero.</summary>
    public FieldElement Invert()
    {
        Chain(out FieldElement x2, out FieldElement x22, out FieldElement x223);
        FieldElement t = x223.Square(23) * x22;
        t = t.Square(5) * this;
        t = t.Square(3) * x2;
        return t.Square(2) * this;
    }

    /// <summary>x^((p+1)/4): a square root where there is one. The caller squares it to know.</summary>
    public FieldElement SquareRootCandidate()
    {
        Chain(out FieldElement x2, out FieldElement x22, out FieldElement x223);
        FieldElement t = x223.Square(23) * x22;
        t = t.Square(6) * x2;
        return t.Square(2);
    }

    /// <summary>x^(2^k − 1) for the runs of ones that p − 2 and (p + 1)/4 consist of.</summary>
    private void Chain(out FieldElement x2, out FieldElement x22, out FieldElement x223)
    {
        x2 = Square() * this;
        FieldElement x3 = x2.Square() * this;
        FieldElement x6 = x3.Square(3) * x3;
        FieldElement x9 = x6.Square(3) * x3;
        FieldElement x11 = x9.Square(2) * x2;
        x22 = x11.Square(11) * x11;
        FieldElement x44 = x22.Square(22) * x22;
        FieldElement x88 = x44.Square(44) * x44;
        FieldElement x176 = x88.Square(88) * x88;
        FieldElement x220 = x176.Square(44) * x44;
        x223 = x220.Square(3) * x3;
    }

    private bool IsAtLeastP() => ((_n3 & _n2 & _n1) == ulong.MaxValue) & (_n0 >= LowestLimbOfP);

    /// <summary>Adds carry · (2²⁵⁶ − p) for a carry of 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement FoldCarry(ulong n0, ulong n1, ulong n2, ulong n3, ulong carry)
    {
        ulong fold = Fold & (0 - carry);
        n0 += fold;
        carry = n0 < fold ? 1UL : 0;
        n1 += carry;
        carry = n1 < carry ? 1UL : 0;
        n2 += carry;
        carry = n2 < carry ? 1UL : 0;
        n3 += carry;
        carry = n3 < carry ? 1UL : 0;

        // A second carry leaves less than Fold in all limbs, so the lowest takes Fold once more by itself.
        return new FieldElement(n0 + (Fold & (0 - carry)), n1, n2, n3);
    }

    /// <summary>512 bits to 256: the upper half times Fold onto the lower half, then what that overflows once more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduce(ulong r0, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5, ulong r6, ulong r7)
    {
        ulong low = r4 * Fold;
        ulong high = MultiplyHigh(r4, Fold);
        r0 += low;
        ulong carry = high + (r0 < low ? 1UL : 0);
        carry = FoldLimb(r5, carry, ref r1);
        carry = FoldLimb(r6, carry, ref r2);
        carry = FoldLimb(r7, carry, ref r3);

        low = carry * Fold;
        high = MultiplyHigh(carry, Fold);
        r0 += low;
        high += r0 < low ? 1UL : 0;
        r1 += high;
        ulong c = r1 < high ? 1UL : 0;
        r2 += c;
        c = r2 < c ? 1UL : 0;
        r3 += c;
        c = r3 < c ? 1UL : 0;

        // A carry here leaves less than 2^68 in the limbs: the fold reaches the second limb at most.
        ulong fold = Fold & (0 - c);
        r0 += fold;
        r1 += r0 < fold ? 1UL : 0;
        return new FieldElement(r0, r1, r2, r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FoldLimb(ulong upper, ulong carry, ref ulong limb)
    {
        ulong low = upper * Fold;
        ulong high = MultiplyHigh(upper, Fold);
        low += carry;
        high += low < carry ? 1UL : 0;
        limb += low;
        return high + (limb < low ? 1UL : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NextColumn(ref ulong c0, ref ulong c1, ref ulong c2)
    {
        ulong done = c0;
        c0 = c1;
        c1 = c2;
        c2 = 0;
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ulong x, ulong y, ref ulong c0, ref ulong c1, ref ulong c2)
    {
        ulong low = x * y;
        ulong high = MultiplyHigh(x, y);
        c0 += low;
        high += c0 < low ? 1UL : 0;
        c1 += high;
        c2 += c1 < high ? 1UL : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AccumulateTwice(ulong x, ulong y, ref ulong c0, ref ulong c1, ref ulong c2)
    {
        ulong low = x * y;
        ulong high = MultiplyHigh(x, y);
        ulong first = high;
        c0 += low;
        first += c0 < low ? 1UL : 0;
        c1 += first;
        c2 += c1 < first ? 1UL : 0;
        c0 += low;
        high += c0 < low ? 1UL : 0;
        c1 += high;
        c2 += c1 < high ? 1UL : 0;
    }
}
