using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Basilisk.Model.Gemm;

/// <summary>The engines that work on this machine, fastest first.</summary>
public static class GemmEngines
{
    /// <summary>At least one: the portable engine needs nothing.</summary>
    public static IReadOnlyList<GemmEngine> Supported { get; } = Find();

    /// <summary>The engine everything uses.</summary>
    public static GemmEngine Fastest => Supported[0];

    private static List<GemmEngine> Find()
    {
        var found = new List<GemmEngine>();
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            found.Add(new GemmEngineOf<Avx512Kernel>("avx512"));
        }

        if (Vector256.IsHardwareAccelerated && Fma.IsSupported)
        {
            found.Add(new GemmEngineOf<Avx2Kernel>("avx2"));
        }

        found.Add(new GemmEngineOf<PortableKernel>("portable"));
        return found;
    }
}
