namespace Basilisk.Chain.Signatures;

/// <summary>
/// Inverse modulo an odd prime by the binary extended Euclid. Its time depends on the value:
/// for public data only (verification, recovery), never for a key or a nonce.
/// </summary>
internal static class VariableInverse
{
    private static readonly Limbs Prime = new(0xFFFFFFFEFFFFFC2F, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);
    private static readonly Limbs Order = new(0xBFD25E8CD0364141, 0xBAAEDCE6AF48A03B, 0xFFFFFFFFFFFFFFFE, ulong.MaxValue);

    /// <param name="element">Not zero.</param>
    public static FieldElement OfField(in FieldElement element)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        element.Normalize().CopyLimbs(limbs);
        Limbs inverse = Invert(new Limbs(limbs[0], limbs[1], limbs[2], limbs[3]), Prime);
        return new FieldElement(inverse.N0, inverse.N1, inverse.N2, inverse.N3);
    }

    /// <param name="scalar">Not zero.</param>
    public static Scalar OfScalar(in Scalar scalar)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        scalar.CopyLimbs(limbs);
        Limbs inverse = Invert(new Limbs(limbs[0], limbs[1], limbs[2], limbs[3]), Order);
        return new Scalar(inverse.N0, inverse.N1, inverse.N2, inverse.N3);
    }

    /// <summary>Keeps u ≡ x·a and v ≡ y·a (mod m) while the pair (u, v) shrinks to (1, ·).</summary>
    private static Limbs Invert(Limbs a, in Limbs m)
    {
        Limbs u = a;
        Limbs v = m;
        Limbs x = new(1, 0, 0, 0);
        Limbs y = default;
        while (!u.IsOne && !v.IsOne)
        {
            MakeOdd(ref u, ref x, m);
            MakeOdd(ref v, ref y, m);
            if (u.IsAtLeast(v))
            {
                u.Subtract(v);
                SubtractModulo(ref x, y, m);
            }
            else
            {
                v.Subtract(u);
                SubtractModulo(ref y, x, m);
            }
        }

        return u.IsOne ? x : y;
    }

    private static void MakeOdd(ref Limbs value, ref Limbs factor, in Limbs m)
    {
        while ((value.N0 & 1) == 0)
        {
            value.Halve(0);
            ulong carry = (factor.N0 & 1) != 0 ? factor.Add(m) : 0;
            factor.Halve(carry);
        }
    }

    private static void SubtractModulo(ref Limbs x, in Limbs y, in Limbs m)
    {
        if (x.Subtract(y) != 0)
        {
            x.Add(m);
        }
    }

    private struct Limbs(ulong n0, ulong n1, ulong n2, ulong n3)
    {
        public ulong N0 = n0, N1 = n1, N2 = n2, N3 = n3;

        public readonly bool IsOne => N0 == 1 && (N1 | N2 | N3) == 0;

        public readonly bool IsAtLeast(in Limbs other) =>
            N3 != other.N3 ? N3 > other.N3
            : N2 != other.N2 ? N2 > other.N2
            : N1 != other.N1 ? N1 > other.N1
            : N0 >= other.N0;

        public void Halve(ulong top)
        {
            N0 = (N0 >> 1) | (N1 << 63);
            N1 = (N1 >> 1) | (N2 << 63);
            N2 = (N2 >> 1) | (N3 << 63);
            N3 = (N3 >> 1) | (top << 63);
        }

        public ulong Add(in Limbs other)
        {
            ulong carry = 0;
            N0 = WideArithmetic.AddWithCarry(N0, other.N0, ref carry);
            N1 = WideArithmetic.AddWithCarry(N1, other.N1, ref carry);
            N2 = WideArithmetic.AddWithCarry(N2, other.N2, ref carry);
            N3 = WideArithmetic.AddWithCarry(N3, other.N3, ref carry);
            return carry;
        }

        public ulong Subtract(in Limbs other)
        {
            ulong borrow = 0;
            N0 = WideArithmetic.SubtractWithBorrow(N0, other.N0, ref borrow);
            N1 = WideArithmetic.SubtractWithBorrow(N1, other.N1, ref borrow);
            N2 = WideArithmetic.SubtractWithBorrow(N2, other.N2, ref borrow);
            N3 = WideArithmetic.SubtractWithBorrow(N3, other.N3, ref borrow);
            return borrow;
        }
    }
}
