namespace Basilisk.Chain.Signatures;

/// <summary>
/// k·G for a secret k, in the same steps and memory accesses for every k: k is cut into 64 digits of four bits, each
/// digit picks its multiple of 16^i·G by scanning all sixteen under a mask, and complete formulas (Renes, Costello,
/// Batina, EUROCRYPT 2016, algorithm 7) add them without special cases.
/// </summary>
internal static class GeneratorComb
{
    private const int Digits = 64;
    private const int Entries = 16;
    private const ulong ThreeB = 21; // 3·b for b = 7

    private static readonly AffinePoint[] Table = BuildTable();

    /// <summary>The affine point k·G.</summary>
    /// <param name="k">Not zero.</param>
    public static AffinePoint Multiply(in Scalar k)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        k.CopyLimbs(limbs);
        FieldElement x = FieldElement.Zero;
        FieldElement y = FieldElement.One;
        FieldElement z = FieldElement.Zero;
        for (int i = 0; i < Digits; i++)
        {
            ulong digit = (limbs[i / 16] >> (4 * (i % 16))) & 15;
            Select(i, digit, out FieldElement px, out FieldElement py, out FieldElement pz);
            Add(ref x, ref y, ref z, px, py, pz);
        }

        limbs.Clear();
        FieldElement inverse = z.Invert();
        return new AffinePoint((x * inverse).Normalize(), (y * inverse).Normalize());
    }

    /// <summary>Reads all sixteen entries of a digit's row and keeps the one wanted; digit 0 is the neutral (0 : 1 : 0).</summary>
    private static void Select(int row, ulong digit, out FieldElement x, out FieldElement y, out FieldElement z)
    {
        ulong notZero = ~EqualityMask(digit, 0);
        x = FieldElement.Zero;
        y = FieldElement.One.Masked(~notZero);
        z = FieldElement.One.Masked(notZero);
        ReadOnlySpan<AffinePoint> entries = Table.AsSpan(row * Entries, Entries);
        for (int j = 1; j < Entries; j++)
        {
            ulong mask = EqualityMask(digit, (ulong)j);
            x |= entries[j].X.Masked(mask);
            y |= entries[j].Y.Masked(mask);
        }
    }

    /// <summary>All ones where the two numbers are equal, else zero.</summary>
    private static ulong EqualityMask(ulong left, ulong right)
    {
        ulong difference = left ^ right;
        return ((difference | (0 - difference)) >> 63) - 1;
    }

    private static void Add(
        ref FieldElement x1, ref FieldElement y1, ref FieldElement z1, in FieldElement x2, in FieldElement y2, in FieldElement z2)
    {
        FieldElement xx = x1 * x2;
        FieldElement yy = y1 * y2;
        FieldElement zz = z1 * z2;
        FieldElement xy = ((x1 + y1) * (x2 + y2)) - (xx + yy);
        FieldElement yz = ((y1 + z1) * (y2 + z2)) - (yy + zz);
        FieldElement xz = ((x1 + z1) * (x2 + z2)) - (xx + zz);
        FieldElement xx3 = xx + xx + xx;
        FieldElement bzz = zz.MultiplySmall(ThreeB);
        FieldElement plus = yy + bzz;
        FieldElement minus = yy - bzz;
        FieldElement bxz = xz.MultiplySmall(ThreeB);
        x1 = (xy * minus) - (yz * bxz);
        y1 = (minus * plus) + (bxz * xx3);
        z1 = (plus * yz) + (xx3 * xy);
    }

    /// <summary>Row i holds j·16^i·G at place j; place 0 stays unused.</summary>
    private static AffinePoint[] BuildTable()
    {
        var table = new AffinePoint[Digits * Entries];
        AffinePoint unit = AffinePoint.Generator;
        for (int row = 0; row < Digits; row++)
        {
            var current = new JacobianPoint(unit);
            for (int j = 1; j < Entries; j++)
            {
                current.TryToAffine(out table[(row * Entries) + j]);
                current = current.Add(unit);
            }

            current.TryToAffine(out unit);
        }

        return table;
    }
}
