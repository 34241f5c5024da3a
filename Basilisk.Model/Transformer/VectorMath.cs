using System.Numerics;
using System.Runtime.CompilerServices;

namespace Basilisk.Model.Transformer;

/// <summary>Element-wise loops over floats, in the widest vectors of the run-time with scalar tails.</summary>
/// <remarks>Invariant of every method here: each pointer has room for <c>count</c> floats.</remarks>
internal static unsafe class VectorMath
{
    // Beyond these e^x leaves the normal floats.
    private const float ExpLowest = -87.3f;
    private const float ExpHighest = 88.0f;

    private const float Log2OfE = 1.44269504088896341f;

    // ln 2 in two parts, so that n · high is exact (Cephes expf).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    private static int Lanes => Vector<float>.Count;

    /// <summary>e^x, relative error about 1e-7; below −87.3 it stays at e^−87.3 ≈ 1e-38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, new Vector<float>(ExpLowest)), new Vector<float>(ExpHighest));
        Vector<float> n = Vector.Round(x * Log2OfE);
        Vector<float> f = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), x);
        f = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), f);

        // Cephes' polynomial for e^f on [−ln2/2, ln2/2].
        var p = new Vector<float>(1.9875691500e-4f);
        p = Vector.FusedMultiplyAdd(p, f, new Vector<float>(1.3981999507e-3f));
        p = Vector.FusedMultiplyAdd(p, f, new Vector<float>(8.3334519073e-3f));
        p = Vector.FusedMultiplyAdd(p, f, new Vector<float>(4.1665795894e-2f));
        p = Vector.FusedMultiplyAdd(p, f, new Vector<float>(1.6666665459e-1f));
        p = Vector.FusedMultiplyAdd(p, f, new Vector<float>(5.0000001201e-1f));
        p = Vector.FusedMultiplyAdd(p, f * f, f + Vector<float>.One);
        Vector<int> power = Vector.ShiftLeft(Vector.ConvertToInt32(n) + new Vector<int>(127), 23);
        return p * Vector.AsVectorSingle(power);
    }

    public static float Dot(float* a, float* b, int count)
    {
        Vector<float> sum0 = Vector<float>.Zero;
        Vector<float> sum1 = Vector<float>.Zero;
        int i = 0;
        for (; i + (2 * Lanes) <= count; i += 2 * Lanes)
        {
            sum0 = Vector.FusedMultiplyAdd(Vector.Load(a + i), Vector.Load(b + i), sum0);
            sum1 = Vector.FusedMultiplyAdd(Vector.Load(a + i + Lanes), Vector.Load(b + i + Lanes), sum1);
        }

        float sum = Vector.Sum(sum0 + sum1);
        for (; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>target += scale · source.</summary>
    public static void AddScaled(float* target, float* source, float scale, int count)
    {
        var s = new Vector<float>(scale);
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            Vector.FusedMultiplyAdd(s, Vector.Load(source + i), Vector.Load(target + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] += scale * source[i];
        }
    }

    public static void Scale(float* values, float factor, int count)
    {
        var f = new Vector<float>(factor);
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            (Vector.Load(values + i) * f).Store(values + i);
        }

        for (; i < count; i++)
        {
            values[i] *= factor;
        }
    }

    public static float Max(float* values, int count)
    {
        float max = float.NegativeInfinity;
        int i = 0;
        if (count >= Lanes)
        {
            Vector<float> best = Vector.Load(values);
            for (i = Lanes; i + Lanes <= count; i += Lanes)
            {
                best = Vector.Max(best, Vector.Load(values + i));
            }

            for (int lane = 0; lane < Lanes; lane++)
            {
                max = MathF.Max(max, best[lane]);
            }
        }

        for (; i < count; i++)
        {
            max = MathF.Max(max, values[i]);
        }

        return max;
    }

    /// <summary>values = e^(scale · values − shift); returns their sum.</summary>
    public static float ExpInPlace(float* values, float scale, float shift, int count)
    {
        var s = new Vector<float>(scale);
        var minusShift = new Vector<float>(-shift);
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            Vector<float> e = Exp(Vector.FusedMultiplyAdd(s, Vector.Load(values + i), minusShift));
            e.Store(values + i);
            sums += e;
        }

        float sum = Vector.Sum(sums);
        for (; i < count; i++)
        {
            values[i] = MathF.Exp((scale * values[i]) - shift);
            sum += values[i];
        }

        return sum;
    }

    public static void Clear(float* values, nint count) => new Span<float>(values, checked((int)count)).Clear();

    public static void Copy(float* source, float* target, nint count) =>
        new ReadOnlySpan<float>(source, checked((int)count)).CopyTo(new Span<float>(target, checked((int)count)));
}
