using System.Numerics;

namespace Basilisk.Model.Transformer;

/// <summary>RMSNorm (Zhang and Sennrich 2019): y = x / √(mean(x²) + ε) ∘ gain, row by row.</summary>
internal static unsafe class RmsNorm
{
    public const float Epsilon = 1e-5f;

    /// <summary>y[R, D] from x[R, D] and gain[D]; keeps 1/rms[R] for the way back.</summary>
    public static void Forward(float* x, float* gain, float* y, float* inverse, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += width, y += width)
        {
            float r = 1f / MathF.Sqrt((VectorMath.Dot(x, x, width) / width) + Epsilon);
            inverse[row] = r;
            int lanes = Vector<float>.Count;
            int i = 0;
            for (; i + lanes <= width; i += lanes)
            {
                (Vector.Load(x + i) * r * Vector.Load(gain + i)).Store(y + i);
            }

            for (; i < width; i++)
            {
                y[i] = x[i] * r * gain[i];
            }
        }
    }

    /// <summary>dx[R, D] += the gradient through the norm; dGain[D] += its gradient.</summary>
    public static void Backward(float* x, float* gain, float* inverse, float* dy, float* dx, float* dGain, int rows, int width)
    {
        for (int row = 0; row < rows; row++, x += width, dy += width, dx += width)
        {
            float r = inverse[row];
            float pull = -r * r * r * WeightedDot(x, gain, dy, width) / width;
            AddRow(x, gain, dy, dx, dGain, r, pull, width);
        }
    }

    /// <summary>Σ x ∘ gain ∘ dy.</summary>
    private static float WeightedDot(float* x, float* gain, float* dy, int width)
    {
        int lanes = Vector<float>.Count;
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i + lanes <= width; i += lanes)
        {
            sums = Vector.FusedMultiplyAdd(Vector.Load(x + i) * Vector.Load(gain + i), Vector.Load(dy + i), sums);
        }

        float sum = Vector.Sum(sums);
        for (; i < width; i++)
        {
            sum += x[i] * gain[i] * dy[i];
        }

        return sum;
    }

    private static void AddRow(float* x, float* gain, float* dy, float* dx, float* dGain, float r, float pull, int width)
    {
        int lanes = Vector<float>.Count;
        var pulls = new Vector<float>(pull);
        int i = 0;
        for (; i + lanes <= width; i += lanes)
        {
            Vector<float> vx = Vector.Load(x + i);
            Vector<float> scaled = Vector.Load(dy + i) * r;
            Vector<float> sum = Vector.FusedMultiplyAdd(scaled, Vector.Load(gain + i), Vector.Load(dx + i));
            Vector.FusedMultiplyAdd(vx, pulls, sum).Store(dx + i);
            Vector.FusedMultiplyAdd(scaled, vx, Vector.Load(dGain + i)).Store(dGain + i);
        }

        for (; i < width; i++)
        {
            float scaled = dy[i] * r;
            dx[i] += (scaled * gain[i]) + (x[i] * pull);
            dGain[i] += scaled * x[i];
        }
    }
}
