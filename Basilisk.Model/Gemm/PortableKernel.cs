// Written by generate_kernels.py; change that.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Basilisk.Model.Gemm;

/// <summary>C[4, 8] (+)= A·B over packed panels: 8 accumulators fit every machine's 16 registers, and plain loops stand in where there are no vectors.</summary>
internal readonly unsafe struct PortableKernel : IMicroKernel
{
    public static int TileRows => 4;

    public static int TileColumns => 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(int depth, float* a, float* b, float* c, nint stride, bool accumulate)
    {
        Vector128<float> c0x0 = Vector128<float>.Zero; Vector128<float> c0x1 = Vector128<float>.Zero;
        Vector128<float> c1x0 = Vector128<float>.Zero; Vector128<float> c1x1 = Vector128<float>.Zero;
        Vector128<float> c2x0 = Vector128<float>.Zero; Vector128<float> c2x1 = Vector128<float>.Zero;
        Vector128<float> c3x0 = Vector128<float>.Zero; Vector128<float> c3x1 = Vector128<float>.Zero;
        for (int k = 0; k < depth; k++)
        {
            Vector128<float> b0 = Vector128.Load(b);
            Vector128<float> b1 = Vector128.Load(b + 4);
            Vector128<float> x;
            x = Vector128.Create(a[0]);
            c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
            c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[1]);
            c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0);
            c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[2]);
            c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0);
            c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[3]);
            c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0);
            c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            a += 4;
            b += 8;
        }

        if (accumulate)
        {
            c0x0 += Vector128.Load(c);
            c0x1 += Vector128.Load(c + 4);
            c1x0 += Vector128.Load(c + (1 * stride));
            c1x1 += Vector128.Load(c + (1 * stride) + 4);
            c2x0 += Vector128.Load(c + (2 * stride));
            c2x1 += Vector128.Load(c + (2 * stride) + 4);
            c3x0 += Vector128.Load(c + (3 * stride));
            c3x1 += Vector128.Load(c + (3 * stride) + 4);
        }

        c0x0.Store(c);
        c0x1.Store(c + 4);
        c1x0.Store(c + (1 * stride));
        c1x1.Store(c + (1 * stride) + 4);
        c2x0.Store(c + (2 * stride));
        c2x1.Store(c + (2 * stride) + 4);
        c3x0.Store(c + (3 * stride));
        c3x1.Store(c + (3 * stride) + 4);
    }
}
