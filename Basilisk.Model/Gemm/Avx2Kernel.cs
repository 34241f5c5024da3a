// Written by generate_kernels.py; change that.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Basilisk.Model.Gemm;

/// <summary>C[6, 16] (+)= A·B over packed panels: 12 accumulators, 2 columns of B and one broadcast fill 15 of 16 registers.</summary>
internal readonly unsafe struct Avx2Kernel : IMicroKernel
{
    public static int TileRows => 6;

    public static int TileColumns => 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(int depth, float* a, float* b, float* c, nint stride, bool accumulate)
    {
        Vector256<float> c0x0 = Vector256<float>.Zero; Vector256<float> c0x1 = Vector256<float>.Zero;
        Vector256<float> c1x0 = Vector256<float>.Zero; Vector256<float> c1x1 = Vector256<float>.Zero;
        Vector256<float> c2x0 = Vector256<float>.Zero; Vector256<float> c2x1 = Vector256<float>.Zero;
        Vector256<float> c3x0 = Vector256<float>.Zero; Vector256<float> c3x1 = Vector256<float>.Zero;
        Vector256<float> c4x0 = Vector256<float>.Zero; Vector256<float> c4x1 = Vector256<float>.Zero;
        Vector256<float> c5x0 = Vector256<float>.Zero; Vector256<float> c5x1 = Vector256<float>.Zero;
        for (int k = 0; k < depth; k++)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> x;
            x = Vector256.Create(a[0]);
            c0x0 = Vector256.FusedMultiplyAdd(x, b0, c0x0);
            c0x1 = Vector256.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[1]);
            c1x0 = Vector256.FusedMultiplyAdd(x, b0, c1x0);
            c1x1 = Vector256.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[2]);
            c2x0 = Vector256.FusedMultiplyAdd(x, b0, c2x0);
            c2x1 = Vector256.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[3]);
            c3x0 = Vector256.FusedMultiplyAdd(x, b0, c3x0);
            c3x1 = Vector256.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[4]);
            c4x0 = Vector256.FusedMultiplyAdd(x, b0, c4x0);
            c4x1 = Vector256.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector256.Create(a[5]);
            c5x0 = Vector256.FusedMultiplyAdd(x, b0, c5x0);
            c5x1 = Vector256.FusedMultiplyAdd(x, b1, c5x1);
            a += 6;
            b += 16;
        }

        if (accumulate)
        {
            c0x0 += Vector256.Load(c);
            c0x1 += Vector256.Load(c + 8);
            c1x0 += Vector256.Load(c + (1 * stride));
            c1x1 += Vector256.Load(c + (1 * stride) + 8);
            c2x0 += Vector256.Load(c + (2 * stride));
            c2x1 += Vector256.Load(c + (2 * stride) + 8);
            c3x0 += Vector256.Load(c + (3 * stride));
            c3x1 += Vector256.Load(c + (3 * stride) + 8);
            c4x0 += Vector256.Load(c + (4 * stride));
            c4x1 += Vector256.Load(c + (4 * stride) + 8);
            c5x0 += Vector256.Load(c + (5 * stride));
            c5x1 += Vector256.Load(c + (5 * stride) + 8);
        }

        c0x0.Store(c);
        c0x1.Store(c + 8);
        c1x0.Store(c + (1 * stride));
        c1x1.Store(c + (1 * stride) + 8);
        c2x0.Store(c + (2 * stride));
        c2x1.Store(c + (2 * stride) + 8);
        c3x0.Store(c + (3 * stride));
        c3x1.Store(c + (3 * stride) + 8);
        c4x0.Store(c + (4 * stride));
        c4x1.Store(c + (4 * stride) + 8);
        c5x0.Store(c + (5 * stride));
        c5x1.Store(c + (5 * stride) + 8);
    }
}
