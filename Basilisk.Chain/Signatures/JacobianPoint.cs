namespace Basilisk.Chain.Signatures;

/// <summary>
/// A point as (X/Z², Y/Z³). Fast, with special cases that branch on values: for public data only.
/// Formulas: Explicit-Formulas Database, short Weierstrass with a = 0.
/// </summary>
internal readonly struct JacobianPoint
{
    public JacobianPoint(in FieldElement x, in FieldElement y, in FieldElement z)
    {
        X = x;
        Y = y;
        Z = z;
        IsNeutral = false;
    }

    public JacobianPoint(in AffinePoint point)
        : this(point.X, point.Y, FieldElement.One)
    {
    }

    private JacobianPoint(bool neutral)
    {
        IsNeutral = neutral;
    }

    public static JacobianPoint Neutral => new(neutral: true);

    public FieldElement X { get; }

    public FieldElement Y { get; }

    public FieldElement Z { get; }

    public bool IsNeutral { get; }

    /// <summary>Three products and four squares, with z = Y·Z (half of dbl-2009-l's). No point of this curve has order two, so y is never zero.</summary>
    public JacobianPoint Double()
    {
        if (IsNeutral)
        {
            return this;
        }

        FieldElement xx = X.Square();
        FieldElement slope = (xx + xx + xx).Half();
        FieldElement yy = Y.Square();
        FieldElement t = X * yy;
        FieldElement x = slope.Square() - t - t;
        FieldElement y = (slope * (t - x)) - yy.Square();
        return new JacobianPoint(x, y, Y * Z);
    }

    /// <summary>madd: eight products and three squares.</summary>
    public JacobianPoint Add(in AffinePoint other)
    {
        if (IsNeutral)
        {
            return new JacobianPoint(other);
        }

        FieldElement zz = Z.Square();
        FieldElement h = (other.X * zz) - X;
        FieldElement r = (other.Y * zz * Z) - Y;
        if (h.IsZero)
        {
            return r.IsZero ? Double() : Neutral;
        }

        FieldElement hh = h.Square();
        FieldElement hhh = h * hh;
        FieldElement v = X * hh;
        FieldElement x = r.Square() - hhh - (v + v);
        FieldElement y = (r * (v - x)) - (Y * hhh);
        return new JacobianPoint(x, y, Z * h);
    }

    public JacobianPoint Add(in JacobianPoint other)
    {
        if (IsNeutral)
        {
            return other;
        }

        if (other.IsNeutral)
        {
            return this;
        }

        FieldElement zz1 = Z.Square();
        FieldElement zz2 = other.Z.Square();
        FieldElement u1 = X * zz2;
        FieldElement s1 = Y * zz2 * other.Z;
        FieldElement h = (other.X * zz1) - u1;
        FieldElement r = (other.Y * zz1 * Z) - s1;
        if (h.IsZero)
        {
            return r.IsZero ? Double() : Neutral;
        }

        FieldElement hh = h.Square();
        FieldElement hhh = h * hh;
        FieldElement v = u1 * hh;
        FieldElement x = r.Square() - hhh - (v + v);
        FieldElement y = (r * (v - x)) - (s1 * hhh);
        return new JacobianPoint(x, y, Z * other.Z * h);
    }

    /// <summary>False for the neutral point, which has no affine form.</summary>
    public bool TryToAffine(out AffinePoint point)
    {
        if (IsNeutral)
        {
            point = default;
            return false;
        }

        FieldElement inverse = VariableInverse.OfField(Z);
        FieldElement square = inverse.Square();
        point = new AffinePoint((X * square).Normalize(), (Y * square * inverse).Normalize());
        return true;
    }
}
