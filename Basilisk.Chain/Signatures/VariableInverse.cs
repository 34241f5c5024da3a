using System.Numerics;
using System.Runtime.CompilerServices;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// Inverse modulo an odd prime by the division steps of Bernstein and Yang ("Fast constant-time gcd computation",
/// 2019), in the variable-time form of libsecp256k1: 62 steps at a time on the low words alone, whose sum is then
/// applied to the whole numbers. For public data only (verification, recovery), never for a key or a nonce.
/// </summary>
internal static class VariableInverse
{
    private const int StepsPerBatch = 62;
    private const ulong LimbMask = (1UL << StepsPerBatch) - 1;

    private static readonly Modulus Prime = new(0xFFFFFFFEFFFFFC2F, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);
    private static readonly Modulus Order = new(0xBFD25E8CD0364141, 0xBAAEDCE6AF48A03B, 0xFFFFFFFFFFFFFFFE, ulong.MaxValue);

    /// <param name="element">Not zero.</param>
    public static FieldElement OfField(in FieldElement element)
    {
        Span<ulong> words = stackalloc ulong[4];
        element.Normalize().CopyLimbs(words);
        Invert(words, Prime);
        return new FieldElement(words[0], words[1], words[2], words[3]);
    }

    /// <param name="scalar">Not zero.</param>
    public static Scalar OfScalar(in Scalar scalar)
    {
        Span<ulong> words = stackalloc ulong[4];
        scalar.CopyLimbs(words);
        Invert(words, Order);
        return new Scalar(words[0], words[1], words[2], words[3]);
    }

    /// <summary>Keeps d·x ≡ f and e·x ≡ g (mod m), up to powers of two taken out, until g is 0 and f is ±1.</summary>
    private static void Invert(Span<ulong> words, Modulus modulus)
    {
        var d = default(Signed62);
        var e = default(Signed62);
        e[0] = 1;
        Signed62 f = modulus.Limbs;
        Signed62 g = Signed62.FromWords(words[0], words[1], words[2], words[3]);
        int length = Signed62.Count;
        long eta = -1;
        while (true)
        {
            Matrix step = DivisionSteps(ref eta, (ulong)f[0], (ulong)g[0]);
            UpdateFactors(ref d, ref e, step, modulus);
            UpdateNumbers(ref f, ref g, step, length);
            if (IsZero(g, length))
            {
                break;
            }

            length = Shorten(ref f, ref g, length);
        }

        Normalize(ref d, f[length - 1] < 0, modulus.Limbs);
        d.ToWords(words);
    }

    /// <summary>62 division steps on the low words; the matrix of what they did, scaled by 2⁶².</summary>
    private static Matrix DivisionSteps(ref long eta, ulong f, ulong g)
    {
        (ulong u, ulong v, ulong q, ulong r) = (1, 0, 0, 1);
        int left = StepsPerBatch;
        while (true)
        {
            // A sentinel bit stops the count of zeros at the end of the batch.
            int zeros = BitOperations.TrailingZeroCount(g | (ulong.MaxValue << left));
            g >>= zeros;
            u <<= zeros;
            v <<= zeros;
            eta -= zeros;
            left -= zeros;
            if (left == 0)
            {
                return new Matrix((long)u, (long)v, (long)q, (long)r);
            }

            ulong w;
            if (eta < 0)
            {
                eta = -eta;
                (f, g) = (g, 0 - f);
                (u, q) = (q, 0 - u);
                (v, r) = (r, 0 - v);
                w = (f * g * ((f * f) - 2)) & CancelMask(eta, left, 63);
            }
            else
            {
                w = f + (((f + 1) & 4) << 1);
                w = ((0 - w) * g) & CancelMask(eta, left, 15);
            }

            // Clears up to six (or four) low bits of g at once.
            g += f * w;
            q += u * w;
            r += v * w;
        }
    }

    private static ulong CancelMask(long eta, int left, ulong bits) => (ulong.MaxValue >> (64 - (int)Math.Min(eta + 1, left))) & bits;

    /// <summary>(d, e) = step·(d, e) / 2⁶² modulo m, each kept between −2m and m.</summary>
    private static void UpdateFactors(ref Signed62 d, ref Signed62 e, in Matrix step, Modulus modulus)
    {
        long signD = d[4] >> 63;
        long signE = e[4] >> 63;
        long md = (step.U & signD) + (step.V & signE);
        long me = (step.Q & signD) + (step.R & signE);
        Accumulator cd = default;
        Accumulator ce = default;
        cd.Add(step.U, d[0]);
        cd.Add(step.V, e[0]);
        ce.Add(step.Q, d[0]);
        ce.Add(step.R, e[0]);

        // The multiple of m that makes the low 62 bits zero.
        md -= (long)(((modulus.Inverse62 * cd.Low) + (ulong)md) & LimbMask);
        me -= (long)(((modulus.Inverse62 * ce.Low) + (ulong)me) & LimbMask);
        cd.Add(modulus.Limbs[0], md);
        ce.Add(modulus.Limbs[0], me);
        cd.ShiftOutLimb();
        ce.ShiftOutLimb();
        for (int i = 1; i < Signed62.Count; i++)
        {
            cd.Add(step.U, d[i]);
            cd.Add(step.V, e[i]);
            ce.Add(step.Q, d[i]);
            ce.Add(step.R, e[i]);
            cd.Add(modulus.Limbs[i], md);
            ce.Add(modulus.Limbs[i], me);
            d[i - 1] = cd.ShiftOutLimb();
            e[i - 1] = ce.ShiftOutLimb();
        }

        d[4] = (long)cd.Low;
        e[4] = (long)ce.Low;
    }

    /// <summary>(f, g) = step·(f, g) / 2⁶², exactly.</summary>
    private static void UpdateNumbers(ref Signed62 f, ref Signed62 g, in Matrix step, int length)
    {
        Accumulator cf = default;
        Accumulator cg = default;
        cf.Add(step.U, f[0]);
        cf.Add(step.V, g[0]);
        cg.Add(step.Q, f[0]);
        cg.Add(step.R, g[0]);
        cf.ShiftOutLimb();
        cg.ShiftOutLimb();
        for (int i = 1; i < length; i++)
        {
            cf.Add(step.U, f[i]);
            cf.Add(step.V, g[i]);
            cg.Add(step.Q, f[i]);
            cg.Add(step.R, g[i]);
            f[i - 1] = cf.ShiftOutLimb();
            g[i - 1] = cg.ShiftOutLimb();
        }

        f[length - 1] = (long)cf.Low;
        g[length - 1] = (long)cg.Low;
    }

    private static bool IsZero(in Signed62 g, int length)
    {
        long any = 0;
        for (int i = 0; i < length; i++)
        {
            any |= g[i];
        }

        return any == 0;
    }

    /// <summary>Drops the top limb of f and g once both are only sign there.</summary>
    private static int Shorten(ref Signed62 f, ref Signed62 g, int length)
    {
        long topF = f[length - 1];
        long topG = g[length - 1];
        if (length < 2 || (topF ^ (topF >> 63)) != 0 || (topG ^ (topG >> 63)) != 0)
        {
            return length;
        }

        f[length - 2] |= topF << StepsPerBatch;
        g[length - 2] |= topG << StepsPerBatch;
        return length - 1;
    }

    /// <summary>From between −2m and m, and negated where asked, to between 0 and m.</summary>
    private static void Normalize(ref Signed62 d, bool negate, in Signed62 modulus)
    {
        AddIfNegative(ref d, modulus);
        if (negate)
        {
            for (int i = 0; i < Signed62.Count; i++)
            {
                d[i] = -d[i];
            }
        }

        Carry(ref d);
        AddIfNegative(ref d, modulus);
        Carry(ref d);
    }

    private static void AddIfNegative(ref Signed62 d, in Signed62 modulus)
    {
        long mask = d[4] >> 63;
        for (int i = 0; i < Signed62.Count; i++)
        {
            d[i] += modulus[i] & mask;
        }
    }

    private static void Carry(ref Signed62 d)
    {
        for (int i = 0; i < Signed62.Count - 1; i++)
        {
            d[i + 1] += d[i] >> StepsPerBatch;
            d[i] &= (long)LimbMask;
        }
    }

    private readonly record struct Matrix(long U, long V, long Q, long R);

    /// <summary>A signed sum of products in 128 bits.</summary>
    private struct Accumulator
    {
        private ulong _low;
        private long _high;

        public readonly ulong Low => _low;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(long x, long y)
        {
            ulong low = (ulong)x * (ulong)y;
            long high = (long)WideArithmetic.MultiplyHigh((ulong)x, (ulong)y) - ((x >> 63) & y) - ((y >> 63) & x);
            _low += low;
            _high += high + (_low < low ? 1 : 0);
        }

        /// <summary>Returns the low 62 bits and shifts them out, keeping the sign.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long ShiftOutLimb()
        {
            long limb = (long)(_low & LimbMask);
            _low = (_low >> StepsPerBatch) | ((ulong)_high << (64 - StepsPerBatch));
            _high >>= StepsPerBatch;
            return limb;
        }
    }

    /// <summary>A signed number in five limbs of 62 bits, least significant first; the last carries the sign.</summary>
    [InlineArray(Count)]
    private struct Signed62
    {
        public const int Count = 5;

        private long _limb0;

        public static Signed62 FromWords(ulong w0, ulong w1, ulong w2, ulong w3)
        {
            var limbs = default(Signed62);
            limbs[0] = (long)(w0 & LimbMask);
            limbs[1] = (long)(((w0 >> 62) | (w1 << 2)) & LimbMask);
            limbs[2] = (long)(((w1 >> 60) | (w2 << 4)) & LimbMask);
            limbs[3] = (long)(((w2 >> 58) | (w3 << 6)) & LimbMask);
            limbs[4] = (long)(w3 >> 56);
            return limbs;
        }

        /// <summary>For a number between 0 and 2²⁵⁶ with carried limbs.</summary>
        public readonly void ToWords(Span<ulong> words)
        {
            words[0] = (ulong)this[0] | ((ulong)this[1] << 62);
            words[1] = ((ulong)this[1] >> 2) | ((ulong)this[2] << 60);
            words[2] = ((ulong)this[2] >> 4) | ((ulong)this[3] << 58);
            words[3] = ((ulong)this[3] >> 6) | ((ulong)this[4] << 56);
        }
    }

    private sealed class Modulus
    {
        public readonly Signed62 Limbs;
        public readonly ulong Inverse62;

        public Modulus(ulong w0, ulong w1, ulong w2, ulong w3)
        {
            Limbs = Signed62.FromWords(w0, w1, w2, w3);

            // Newton's iteration doubles the right low bits; an odd number is its own inverse in three.
            ulong inverse = w0;
            for (int bits = 3; bits < StepsPerBatch; bits *= 2)
            {
                inverse *= 2 - (w0 * inverse);
            }

            Inverse62 = inverse & LimbMask;
        }
    }
}
