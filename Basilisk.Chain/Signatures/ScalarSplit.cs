namespace Basilisk.Chain.Signatures;

/// <summary>
/// The endomorphism of Gallant, Lambert and Vanstone (CRYPTO 2001): λ·(x, y) = (β·x, y). A scalar k is split into
/// k₁ + k₂·λ with both below 2¹²⁸ in magnitude, which halves the doublings. Constants as in libsecp256k1.
/// </summary>
internal static class ScalarSplit
{
    public static readonly FieldElement Beta = new(0xC1396C28719501EE, 0x9CF0497512F58995, 0x6E64479EAC3434E9, 0x7AE96A2B657C0710);

    private static readonly Scalar Lambda = new(0xDF02967C1B23BD72, 0x122E22EA20816678, 0xA5261C028812645A, 0x5363AD4CC05C30E0);
    private static readonly Scalar MinusB1 = new(0x6F547FA90ABFE4C3, 0xE4437ED6010E8828, 0, 0);
    private static readonly Scalar MinusB2 = new(0xD765CDA83DB1562C, 0x8A280AC50774346D, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF);
    private static readonly Scalar G1 = new(0xE893209A45DBB031, 0x3DAA8A1471E8CA7F, 0xE86C90E49284EB15, 0x3086D221A7D46BCD);
    private static readonly Scalar G2 = new(0x1571B4AE8AC47F71, 0x221208AC9DF506C6, 0x6F547FA90ABFE4C4, 0xE4437ED6010E8828);

    /// <summary>Splits k; each half comes as a magnitude and a sign.</summary>
    public static void Split(in Scalar k, out HalfScalar first, out HalfScalar second)
    {
        Scalar c1 = MultiplyShift384(k, G1);
        Scalar c2 = MultiplyShift384(k, G2);
        Scalar k2 = (c1 * MinusB1) + (c2 * MinusB2);
        Scalar k1 = k + -(k2 * Lambda);
        first = new HalfScalar(k1);
        second = new HalfScalar(k2);
    }

    /// <summary>⌊x·y / 2³⁸⁴⌉</summary>
    private static Scalar MultiplyShift384(in Scalar x, in Scalar y)
    {
        Span<ulong> product = stackalloc ulong[8];
        Scalar.Multiply512(x, y, product);
        ulong carry = product[5] >> 63;
        ulong low = WideArithmetic.AddWithCarry(product[6], 0, ref carry);
        return new Scalar(low, product[7] + carry, 0, 0);
    }
}
