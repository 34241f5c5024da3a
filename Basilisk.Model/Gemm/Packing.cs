using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Basilisk.Model.Gemm;

/// <summary>Copies operands into panels. A panel of "width" w holds, for each depth k, w neighbouring elements, so the kernel reads memory in order.</summary>
internal static unsafe class Packing
{
    /// <summary>Packs columns of B, or rows of A, given as lines that lie along the depth: <c>target[k * width + i] = source[i * stride + k]</c>.</summary>
    /// <param name="source">First line's first element.</param>
    /// <param name="stride">Floats from one line to the next.</param>
    /// <param name="lines">Lines present; the rest of the panel becomes zero.</param>
    /// <param name="depth">Elements taken from each line.</param>
    /// <param name="width">Width of the panel.</param>
    /// <param name="target">depth × width floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeLines(float* source, nint stride, int lines, int depth, int width, float* target)
    {
        // Invariant: reads lines × depth floats of source, writes depth × width floats of target; the callers size both.
        int line = 0;
        if (Sse.IsSupported)
        {
            for (; line + 4 <= lines; line += 4)
            {
                TransposeFourLines(source + (line * stride), stride, depth, width, target + line);
            }
        }

        for (; line < lines; line++)
        {
            float* from = source + (line * stride);
            float* to = target + line;
            for (int k = 0; k < depth; k++)
            {
                *to = from[k];
                to += width;
            }
        }

        for (; line < width; line++)
        {
            float* to = target + line;
            for (int k = 0; k < depth; k++)
            {
                *to = 0f;
                to += width;
            }
        }
    }

    /// <summary>Packs lines that lie across the depth: <c>target[k * width + i] = source[k * stride + i]</c>.</summary>
    /// <param name="source">Depth 0's first element.</param>
    /// <param name="stride">Floats from one depth to the next.</param>
    /// <param name="present">Elements present per depth; the rest of the panel becomes zero.</param>
    /// <param name="depth">Number of depths.</param>
    /// <param name="width">Width of the panel, a multiple of 2.</param>
    /// <param name="target">depth × width floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyLines(float* source, nint stride, int present, int depth, int width, float* target)
    {
        if (present == width && width == 32)
        {
            for (int k = 0; k < depth; k++, source += stride, target += 32)
            {
                Vector512.Load(source).Store(target);
                Vector512.Load(source + 16).Store(target + 16);
            }
        }
        else if (present == width && width == 12)
        {
            for (int k = 0; k < depth; k++, source += stride, target += 12)
            {
                Vector256.Load(source).Store(target);
                Vector128.Load(source + 8).Store(target + 8);
            }
        }
        else
        {
            for (int k = 0; k < depth; k++, source += stride, target += width)
            {
                var row = new Span<float>(target, width);
                new ReadOnlySpan<float>(source, present).CopyTo(row);
                row[present..].Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFourLines(float* source, nint stride, int depth, int width, float* target)
    {
        float* s0 = source;
        float* s1 = source + stride;
        float* s2 = s1 + stride;
        float* s3 = s2 + stride;
        int k = 0;
        for (; k + 4 <= depth; k += 4)
        {
            Vector128<float> r0 = Vector128.Load(s0 + k);
            Vector128<float> r1 = Vector128.Load(s1 + k);
            Vector128<float> r2 = Vector128.Load(s2 + k);
            Vector128<float> r3 = Vector128.Load(s3 + k);
            Vector128<float> low01 = Sse.UnpackLow(r0, r1);
            Vector128<float> low23 = Sse.UnpackLow(r2, r3);
            Vector128<float> high01 = Sse.UnpackHigh(r0, r1);
            Vector128<float> high23 = Sse.UnpackHigh(r2, r3);
            Sse.MoveLowToHigh(low01, low23).Store(target);
            Sse.MoveHighToLow(low23, low01).Store(target + width);
            Sse.MoveLowToHigh(high01, high23).Store(target + (2 * width));
            Sse.MoveHighToLow(high23, high01).Store(target + (3 * width));
            target += 4 * width;
        }

        for (; k < depth; k++, target += width)
        {
            target[0] = s0[k];
            target[1] = s1[k];
            target[2] = s2[k];
            target[3] = s3[k];
        }
    }
}
