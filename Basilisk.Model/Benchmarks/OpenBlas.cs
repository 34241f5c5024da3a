using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Basilisk.Model.Benchmarks;

/// <summary>OpenBLAS's sgemm, the peer of <see cref="GemmBenchmark"/>, where the library is installed.</summary>
internal sealed unsafe partial class OpenBlas
{
    // Debian's name first, then what other systems install.
    private static readonly string[] Names =
        ["/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0", "libopenblas.so.0", "libopenblas.so", "libopenblas.dll", "libopenblas.dylib"];

    /// <summary>Names the kernels OpenBLAS uses.</summary>
    public const string CoreTypeVariable = "OPENBLAS_CORETYPE";

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemm;

    private OpenBlas(nint library, int threads)
    {
        _sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        var setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        setThreads(threads);
    }

    /// <summary>
    /// OpenBLAS 0.3.21 takes processors newer than itself for the oldest one it knows and then runs at a fifth of its speed.
    /// A fair peer is told what it may use; null where its own choice stands.
    /// </summary>
    public static string? CoreType =>
        Environment.GetEnvironmentVariable(CoreTypeVariable) ?? (Avx512F.IsSupported ? "SkylakeX" : Fma.IsSupported ? "Haswell" : null);

    /// <summary>Loads the library, or returns null where there is none.</summary>
    public static OpenBlas? TryLoad(int threads)
    {
        if (CoreType is { } core && !OperatingSystem.IsWindows())
        {
            // The library reads the C environment, which .NET's own setter does not change.
            _ = SetEnvironment(CoreTypeVariable, core, overwrite: 0);
        }

        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new OpenBlas(library, threads);
            }
        }

        return null;
    }

    /// <summary>C[M, N] = A[M, K]·B, B stored as [K, N] or, transposed, as [N, K]; all rows without gaps.</summary>
    public void Multiply(int m, int n, int k, float* a, float* b, bool transposeB, float* c)
    {
        // Invariant: the caller's arrays hold M·K, K·N and M·N floats. 101, 111 and 112 are CBLAS's row-major, no-transpose and transpose.
        _sgemm(101, 111, transposeB ? 112 : 111, m, n, k, 1f, a, k, b, transposeB ? k : n, 0f, c, n);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
