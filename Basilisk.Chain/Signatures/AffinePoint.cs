namespace Basilisk.Chain.Signatures;

/// <summary>A point of y² = x³ + 7 other than the neutral one.</summary>
internal readonly struct AffinePoint
{
    private static readonly FieldElement Seven = new(7, 0, 0, 0);

    public AffinePoint(in FieldElement x, in FieldElement y)
    {
        X = x;
        Y = y;
    }

    /// <summary>The generator (SEC 2, section 2.4.1).</summary>
    public static AffinePoint Generator => new(
        new FieldElement(0x59F2815B16F81798, 0x029BFCDB2DCE28D9, 0x55A06295CE870B07, 0x79BE667EF9DCBBAC),
        new FieldElement(0x9C47D08FFB10D4B8, 0xFD17B448A6855419, 0x5DA4FBFC0E1108A8, 0x483ADA7726A3C465));

    public FieldElement X { get; }

    public FieldElement Y { get; }

    public AffinePoint Negate() => new(X, -Y);

    /// <summary>Reads x ‖ y, 64 bytes; false where a coordinate is not below p or the point is not on the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes64, out AffinePoint point)
    {
        point = default;
        if (!FieldElement.TryRead(bytes64[..32], out FieldElement x) || !FieldElement.TryRead(bytes64[32..], out FieldElement y))
        {
            return false;
        }

        point = new AffinePoint(x, y);
        return y.Square().EqualTo(RightSide(x));
    }

    /// <summary>The point with this x and the given parity of y; false where there is none.</summary>
    public static bool TryLift(in FieldElement x, bool odd, out AffinePoint point)
    {
        FieldElement square = RightSide(x);
        FieldElement y = square.SquareRootCandidate();
        if (!y.Square().EqualTo(square))
        {
            point = default;
            return false;
        }

        point = new AffinePoint(x, y.IsOdd == odd ? y : -y);
        return true;
    }

    /// <summary>Writes x ‖ y, 64 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        X.Write(destination);
        Y.Write(destination[32..]);
    }

    private static FieldElement RightSide(in FieldElement x) => (x.Square() * x) + Seven;
}
