using System.Runtime.CompilerServices;

namespace Basilisk.Chain.Signatures;

/// <summary>
/// a·G + b·Q in one pass: four half-length scalars in non-adjacent form over tables of odd multiples.
/// Its time depends on the scalars: for public data only.
/// </summary>
internal static class DoubleMultiplication
{
    private const int GeneratorWidth = 11;
    private const int PointWidth = 5;
    private const int PointTableSize = 1 << (PointWidth - 2);

    // Odd multiples G, 3G, 5G … and their images under the endomorphism.
    private static readonly AffinePoint[] GeneratorTable = BuildGeneratorTable();
    private static readonly AffinePoint[] GeneratorImages = [.. GeneratorTable.Select(Image)];

    [SkipLocalsInit]
    public static JacobianPoint Multiply(in Scalar a, in Scalar b, in AffinePoint q)
    {
        ScalarSplit.Split(a, out HalfScalar a1, out HalfScalar a2);
        ScalarSplit.Split(b, out HalfScalar b1, out HalfScalar b2);
        Span<short> digits = stackalloc short[4 * HalfScalar.MaximumDigits];
        Span<short> d1 = digits[..HalfScalar.MaximumDigits];
        Span<short> d2 = digits.Slice(HalfScalar.MaximumDigits, HalfScalar.MaximumDigits);
        Span<short> d3 = digits.Slice(2 * HalfScalar.MaximumDigits, HalfScalar.MaximumDigits);
        Span<short> d4 = digits.Slice(3 * HalfScalar.MaximumDigits, HalfScalar.MaximumDigits);
        int length = Math.Max(
            Math.Max(a1.WriteDigits(GeneratorWidth, d1), a2.WriteDigits(GeneratorWidth, d2)),
            Math.Max(b1.WriteDigits(PointWidth, d3), b2.WriteDigits(PointWidth, d4)));

        Span<JacobianPoint> table = stackalloc JacobianPoint[PointTableSize];
        Span<JacobianPoint> images = stackalloc JacobianPoint[PointTableSize];
        BuildPointTable(q, table, images);

        JacobianPoint sum = JacobianPoint.Neutral;
        for (int i = length - 1; i >= 0; i--)
        {
            sum = sum.Double();
            AddMultiple(ref sum, d1[i], GeneratorTable);
            AddMultiple(ref sum, d2[i], GeneratorImages);
            AddMultiple(ref sum, d3[i], table);
            AddMultiple(ref sum, d4[i], images);
        }

        return sum;
    }

    private static void AddMultiple(ref JacobianPoint sum, int digit, AffinePoint[] oddMultiples)
    {
        if (digit > 0)
        {
            sum = sum.Add(oddMultiples[digit >> 1]);
        }
        else if (digit < 0)
        {
            sum = sum.Add(oddMultiples[-digit >> 1].Negate());
        }
    }

    private static void AddMultiple(ref JacobianPoint sum, int digit, ReadOnlySpan<JacobianPoint> oddMultiples)
    {
        if (digit > 0)
        {
            sum = sum.Add(oddMultiples[digit >> 1]);
        }
        else if (digit < 0)
        {
            ref readonly JacobianPoint p = ref oddMultiples[-digit >> 1];
            sum = sum.Add(new JacobianPoint(p.X, -p.Y, p.Z));
        }
    }

    private static void BuildPointTable(in AffinePoint q, Span<JacobianPoint> table, Span<JacobianPoint> images)
    {
        table[0] = new JacobianPoint(q);
        JacobianPoint twice = table[0].Double();
        for (int i = 0; i < table.Length; i++)
        {
            if (i > 0)
            {
                table[i] = table[i - 1].Add(twice);
            }

            images[i] = new JacobianPoint(table[i].X * ScalarSplit.Beta, table[i].Y, table[i].Z);
        }
    }

    private static AffinePoint[] BuildGeneratorTable()
    {
        var table = new AffinePoint[1 << (GeneratorWidth - 2)];
        var current = new JacobianPoint(AffinePoint.Generator);
        JacobianPoint twice = current.Double();
        for (int i = 0; i < table.Length; i++)
        {
            current.TryToAffine(out table[i]);
            current = current.Add(twice);
        }

        return table;
    }

    private static AffinePoint Image(AffinePoint point) => new(point.X * ScalarSplit.Beta, point.Y);
}
