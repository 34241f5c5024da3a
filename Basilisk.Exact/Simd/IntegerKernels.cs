namespace Basilisk.Exact.Simd;

/// <summary>Which instructions the judge uses. Every choice gives the same integers.</summary>
public enum IntegerKernels
{
    /// <summary>The widest that this processor has.</summary>
    Auto,

    /// <summary>Plain loops: the definition, and what runs where no vector path applies.</summary>
    Plain,

    /// <summary>256-bit vectors (AVX2).</summary>
    Vector256,

    /// <summary>512-bit vectors (AVX-512 BW).</summary>
    Vector512,
}
