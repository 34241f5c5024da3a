// Written by generate_kernels.py; change that.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Basilisk.Model.Gemm;

/// <summary>C[12, 32] (+)= A·B over packed panels: 24 accumulators, 2 columns of B and one broadcast fill 27 of 32 registers.</summary>
internal readonly unsafe struct Avx512Kernel : IMicroKernel
{
    public static int TileRows => 12;

    public static int TileColumns => 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(int depth, float* a, float* b, float* c, nint stride, bool accumulate)
    {
        Vector512<float> c0x0 = Vector512<float>.Zero; Vector512<float> c0x1 = Vector512<float>.Zero;
        Vector512<float> c1x0 = Vector512<float>.Zero; Vector512<float> c1x1 = Vector512<float>.Zero;
        Vector512<float> c2x0 = Vector512<float>.Zero; Vector512<float> c2x1 = Vector512<float>.Zero;
        Vector512<float> c3x0 = Vector512<float>.Zero; Vector512<float> c3x1 = Vector512<float>.Zero;
        Vector512<float> c4x0 = Vector512<float>.Zero; Vector512<float> c4x1 = Vector512<float>.Zero;
        Vector512<float> c5x0 = Vector512<float>.Zero; Vector512<float> c5x1 = Vector512<float>.Zero;
        Vector512<float> c6x0 = Vector512<float>.Zero; Vector512<float> c6x1 = Vector512<float>.Zero;
        Vector512<float> c7x0 = Vector512<float>.Zero; Vector512<float> c7x1 = Vector512<float>.Zero;
        Vector512<float> c8x0 = Vector512<float>.Zero; Vector512<float> c8x1 = Vector512<float>.Zero;
        Vector512<float> c9x0 = Vector512<float>.Zero; Vector512<float> c9x1 = Vector512<float>.Zero;
        Vector512<float> c10x0 = Vector512<float>.Zero; Vector512<float> c10x1 = Vector512<float>.Zero;
        Vector512<float> c11x0 = Vector512<float>.Zero; Vector512<float> c11x1 = Vector512<float>.Zero;
        for (int k = 0; k < depth; k++)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> x;
            x = Vector512.Create(a[0]);
            c0x0 = Vector512.FusedMultiplyAdd(x, b0, c0x0);
            c0x1 = Vector512.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[1]);
            c1x0 = Vector512.FusedMultiplyAdd(x, b0, c1x0);
            c1x1 = Vector512.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[2]);
            c2x0 = Vector512.FusedMultiplyAdd(x, b0, c2x0);
            c2x1 = Vector512.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[3]);
            c3x0 = Vector512.FusedMultiplyAdd(x, b0, c3x0);
            c3x1 = Vector512.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[4]);
            c4x0 = Vector512.FusedMultiplyAdd(x, b0, c4x0);
            c4x1 = Vector512.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[5]);
            c5x0 = Vector512.FusedMultiplyAdd(x, b0, c5x0);
            c5x1 = Vector512.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[6]);
            c6x0 = Vector512.FusedMultiplyAdd(x, b0, c6x0);
            c6x1 = Vector512.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[7]);
            c7x0 = Vector512.FusedMultiplyAdd(x, b0, c7x0);
            c7x1 = Vector512.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[8]);
            c8x0 = Vector512.FusedMultiplyAdd(x, b0, c8x0);
            c8x1 = Vector512.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[9]);
            c9x0 = Vector512.FusedMultiplyAdd(x, b0, c9x0);
            c9x1 = Vector512.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[10]);
            c10x0 = Vector512.FusedMultiplyAdd(x, b0, c10x0);
            c10x1 = Vector512.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[11]);
            c11x0 = Vector512.FusedMultiplyAdd(x, b0, c11x0);
            c11x1 = Vector512.FusedMultiplyAdd(x, b1, c11x1);
            a += 12;
            b += 32;
        }

        if (accumulate)
        {
            c0x0 += Vector512.Load(c);
            c0x1 += Vector512.Load(c + 16);
            c1x0 += Vector512.Load(c + (1 * stride));
            c1x1 += Vector512.Load(c + (1 * stride) + 16);
            c2x0 += Vector512.Load(c + (2 * stride));
            c2x1 += Vector512.Load(c + (2 * stride) + 16);
            c3x0 += Vector512.Load(c + (3 * stride));
            c3x1 += Vector512.Load(c + (3 * stride) + 16);
            c4x0 += Vector512.Load(c + (4 * stride));
            c4x1 += Vector512.Load(c + (4 * stride) + 16);
            c5x0 += Vector512.Load(c + (5 * stride));
            c5x1 += Vector512.Load(c + (5 * stride) + 16);
            c6x0 += Vector512.Load(c + (6 * stride));
            c6x1 += Vector512.Load(c + (6 * stride) + 16);
            c7x0 += Vector512.Load(c + (7 * stride));
            c7x1 += Vector512.Load(c + (7 * stride) + 16);
            c8x0 += Vector512.Load(c + (8 * stride));
            c8x1 += Vector512.Load(c + (8 * stride) + 16);
            c9x0 += Vector512.Load(c + (9 * stride));
            c9x1 += Vector512.Load(c + (9 * stride) + 16);
            c10x0 += Vector512.Load(c + (10 * stride));
            c10x1 += Vector512.Load(c + (10 * stride) + 16);
            c11x0 += Vector512.Load(c + (11 * stride));
            c11x1 += Vector512.Load(c + (11 * stride) + 16);
        }

        c0x0.Store(c);
        c0x1.Store(c + 16);
        c1x0.Store(c + (1 * stride));
        c1x1.Store(c + (1 * stride) + 16);
        c2x0.Store(c + (2 * stride));
        c2x1.Store(c + (2 * stride) + 16);
        c3x0.Store(c + (3 * stride));
        c3x1.Store(c + (3 * stride) + 16);
        c4x0.Store(c + (4 * stride));
        c4x1.Store(c + (4 * stride) + 16);
        c5x0.Store(c + (5 * stride));
        c5x1.Store(c + (5 * stride) + 16);
        c6x0.Store(c + (6 * stride));
        c6x1.Store(c + (6 * stride) + 16);
        c7x0.Store(c + (7 * stride));
        c7x1.Store(c + (7 * stride) + 16);
        c8x0.Store(c + (8 * stride));
        c8x1.Store(c + (8 * stride) + 16);
        c9x0.Store(c + (9 * stride));
        c9x1.Store(c + (9 * stride) + 16);
        c10x0.Store(c + (10 * stride));
        c10x1.Store(c + (10 * stride) + 16);
        c11x0.Store(c + (11 * stride));
        c11x1.Store(c + (11 * stride) + 16);
    }
}
