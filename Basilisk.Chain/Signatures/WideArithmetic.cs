using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Basilisk.Chain.Signatures;

/// <summary>Products of 64-bit words in 128 bits, without branches.</summary>
internal static class WideArithmetic
{
    /// <summary>
    /// The upper half of a product. On x86-64 the low half is taken by an ordinary multiplication beside it:
    /// the library's BigMul passes it through memory, which halves the speed of everything here.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyHigh(ulong x, ulong y) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(x, y) : Math.BigMul(x, y, out _);

    /// <summary>x·y + add + carry, which always fits 128 bits: returns the upper word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd(ulong x, ulong y, ulong add, ulong carry, out ulong low)
    {
        ulong high = MultiplyHigh(x, y);
        low = x * y;
        low += add;
        high += low < add ? 1UL : 0;
        low += carry;
        high += low < carry ? 1UL : 0;
        return high;
    }

    /// <summary>left + right + carry; the carry comes back as 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AddWithCarry(ulong left, ulong right, ref ulong carry)
    {
        ulong partial = left + right;
        ulong sum = partial + carry;
        carry = (partial < right ? 1UL : 0) | (sum < carry ? 1UL : 0);
        return sum;
    }

    /// <summary>left − right − borrow; the borrow comes back as 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SubtractWithBorrow(ulong left, ulong right, ref ulong borrow)
    {
        ulong partial = left - right;
        ulong difference = partial - borrow;
        borrow = (left < right ? 1UL : 0) | (partial < borrow ? 1UL : 0);
        return difference;
    }
}
