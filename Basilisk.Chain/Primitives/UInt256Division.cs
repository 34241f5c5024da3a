using System.Globalization;

namespace Basilisk.Chain.Primitives;

/// <summary>Long division of 256-bit integers: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D, in 32-bit digits.</summary>
internal static class UInt256Division
{
    private const ulong DecimalChunk = 10_000_000_000_000_000_000; // 10^19, the largest power of ten in 64 bits
    private const int DigitsPerChunk = 19;

    /// <summary>Quotient and remainder for a divisor that is neither zero nor above the dividend.</summary>
    public static (UInt256 Quotient, UInt256 Remainder) DivRem(UInt256 dividend, UInt256 divisor)
    {
        int shift = (32 - (divisor.BitLength & 31)) & 31;
        Span<uint> v = stackalloc uint[8];
        ToDigits(divisor << shift, v);
        int n = (divisor.BitLength + 31) / 32;

        // The dividend shifted left by up to 31 bits needs a ninth digit.
        Span<uint> u = stackalloc uint[9];
        ToDigits(dividend << shift, u);
        u[8] = shift == 0 ? 0 : (uint)(dividend >> (256 - shift)).LowWord;

        Span<uint> q = stackalloc uint[8];
        q.Clear();
        if (n == 1)
        {
            DivideByDigit(u, v[0], q);
        }
        else
        {
            for (int j = 8 - n; j >= 0; j--)
            {
                q[j] = QuotientDigit(u.Slice(j, n + 1), v[..n]);
            }
        }

        return (FromDigits(q), FromDigits(u[..8]) >> shift);
    }

    /// <summary>Decimal digits of any value.</summary>
    public static string ToDecimal(UInt256 value)
    {
        if (value.TryToUInt64(out ulong small))
        {
            return small.ToString(CultureInfo.InvariantCulture);
        }

        (UInt256 high, UInt256 low) = UInt256.DivRem(value, DecimalChunk);
        return ToDecimal(high) + low.LowWord.ToString(CultureInfo.InvariantCulture).PadLeft(DigitsPerChunk, '0');
    }

    private static void DivideByDigit(Span<uint> u, uint divisor, Span<uint> q)
    {
        ulong remainder = 0;
        for (int j = 8; j >= 0; j--)
        {
            ulong part = (remainder << 32) | u[j];
            if (j < 8)
            {
                q[j] = (uint)(part / divisor);
            }

            // The ninth digit is below the normalised divisor, so its own quotient digit is zero.
            remainder = part % divisor;
        }

        u.Clear();
        u[0] = (uint)remainder;
    }

    /// <summary>Steps D3 to D6: one digit of the quotient, subtracted from <paramref name="u"/>.</summary>
    private static uint QuotientDigit(Span<uint> u, ReadOnlySpan<uint> v)
    {
        int n = v.Length;
        ulong top = ((ulong)u[n] << 32) | u[n - 1];
        ulong estimate = top / v[n - 1];
        ulong rest = top % v[n - 1];
        while (estimate > uint.MaxValue || estimate * v[n - 2] > ((rest << 32) | u[n - 2]))
        {
            estimate--;
            rest += v[n - 1];
            if (rest > uint.MaxValue)
            {
                break;
            }
        }

        ulong carry = 0;
        long borrow = 0;
        for (int i = 0; i < n; i++)
        {
            ulong product = (estimate * v[i]) + carry;
            carry = product >> 32;
            long difference = (long)u[i] - (uint)product + borrow;
            u[i] = (uint)difference;
            borrow = difference >> 32;
        }

        long last = u[n] - (long)carry + borrow;
        u[n] = (uint)last;
        if (last >= 0)
        {
            return (uint)estimate;
        }

        AddBack(u, v);
        return (uint)(estimate - 1);
    }

    private static void AddBack(Span<uint> u, ReadOnlySpan<uint> v)
    {
        ulong carry = 0;
        for (int i = 0; i < v.Length; i++)
        {
            ulong sum = (ulong)u[i] + v[i] + carry;
            u[i] = (uint)sum;
            carry = sum >> 32;
        }

        u[v.Length] += (uint)carry;
    }

    private static void ToDigits(UInt256 value, Span<uint> digits)
    {
        Span<ulong> words = stackalloc ulong[4];
        value.CopyWords(words);
        for (int i = 0; i < 4; i++)
        {
            digits[2 * i] = (uint)words[i];
            digits[(2 * i) + 1] = (uint)(words[i] >> 32);
        }
    }

    private static UInt256 FromDigits(ReadOnlySpan<uint> d) => new(
        d[0] | ((ulong)d[1] << 32),
        d[2] | ((ulong)d[3] << 32),
        d[4] | ((ulong)d[5] << 32),
        d[6] | ((ulong)d[7] << 32));
}
