using System.Numerics;

namespace Basilisk.Model.Transformer;

/// <summary>SwiGLU (Shazeer 2020): hidden = silu(gate) ∘ up, where silu(z) = z · σ(z).</summary>
internal static unsafe class SwiGlu
{
    /// <summary>hidden[R, F] from gateUp[R, 2F], each row gate then up.</summary>
    public static void Forward(float* gateUp, float* hidden, int rows, int width)
    {
        int lanes = Vector<float>.Count;
        for (int row = 0; row < rows; row++, gateUp += 2 * width, hidden += width)
        {
            float* up = gateUp + width;
            int i = 0;
            for (; i + lanes <= width; i += lanes)
            {
                Vector<float> z = Vector.Load(gateUp + i);
                (z / (Vector<float>.One + VectorMath.Exp(-z)) * Vector.Load(up + i)).Store(hidden + i);
            }

            for (; i < width; i++)
            {
                hidden[i] = gateUp[i] / (1f + MathF.Exp(-gateUp[i])) * up[i];
            }
        }
    }

    /// <summary>dGateUp[R, 2F] from gateUp[R, 2F] and dHidden[R, F]. dGateUp may be gateUp itself.</summary>
    public static void Backward(float* gateUp, float* dHidden, float* dGateUp, int rows, int width)
    {
        int lanes = Vector<float>.Count;
        for (int row = 0; row < rows; row++, gateUp += 2 * width, dGateUp += 2 * width, dHidden += width)
        {
            int i = 0;
            for (; i + lanes <= width; i += lanes)
            {
                Vector<float> z = Vector.Load(gateUp + i);
                Vector<float> u = Vector.Load(gateUp + width + i);
                Vector<float> d = Vector.Load(dHidden + i);
                Vector<float> sigma = Vector<float>.One / (Vector<float>.One + VectorMath.Exp(-z));
                Vector<float> silu = z * sigma;
                (d * u * (sigma + (silu * (Vector<float>.One - sigma)))).Store(dGateUp + i);
                (d * silu).Store(dGateUp + width + i);
            }

            for (; i < width; i++)
            {
                float z = gateUp[i];
                float u = gateUp[width + i];
                float sigma = 1f / (1f + MathF.Exp(-z));
                dGateUp[i] = dHidden[i] * u * (sigma + (z * sigma * (1f - sigma)));
                dGateUp[width + i] = dHidden[i] * z * sigma;
            }
        }
    }
}
