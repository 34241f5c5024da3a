using System.Diagnostics;

namespace Basilisk.Chain.Signatures;

/// <summary>A signed number of at most 128 bits.</summary>
internal readonly struct HalfScalar
{
    private readonly ulong _low, _high;

    /// <summary>The representative of a scalar that is nearest to zero.</summary>
    public HalfScalar(in Scalar scalar)
    {
        IsNegative = scalar.IsHigh;
        Span<ulong> limbs = stackalloc ulong[4];
        (IsNegative ? -scalar : scalar).CopyLimbs(limbs);
        if ((limbs[2] | limbs[3]) != 0)
        {
            throw new UnreachableException("The endomorphism's halves are below 2^128 for every scalar.");
        }

        _low = limbs[0];
        _high = limbs[1];
    }

    /// <summary>Digits that <see cref="WriteDigits"/> may need: 128 bits and one carry.</summary>
    public const int MaximumDigits = 132;

    public bool IsNegative { get; }

    /// <summary>
    /// The width-w non-adjacent form, least significant digit first, with the sign taken in: digits are zero or odd,
    /// below 2^(w−1) in magnitude, and at most one of w neighbours is not zero. Returns how many digits are used.
    /// </summary>
    public int WriteDigits(int width, Span<short> digits)
    {
        digits.Clear();
        int used = 0;
        int carry = 0;
        for (int i = 0; i < MaximumDigits - 2;)
        {
            if (Bits(i, 1) == carry)
            {
                i++;
                continue;
            }

            int digit = Bits(i, width) + carry;
            carry = digit >> (width - 1);
            digit -= carry << width;
            digits[i] = (short)(IsNegative ? -digit : digit);
            used = i + 1;
            i += width;
        }

        return used;
    }

    private int Bits(int from, int count)
    {
        ulong word = from >= 128 ? 0
            : from >= 64 ? _high >> (from - 64)
            : from == 0 ? _low
            : (_low >> from) | (_high << (64 - from));
        return (int)(word & ((1UL << count) - 1));
    }
}
