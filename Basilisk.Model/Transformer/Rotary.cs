using System.Numerics;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>
/// Rotary positions (Su et al. 2021), half-split as in Llama's Hugging Face layout: element i of a head's first half and
/// element i of its second half turn by position · 10,000^(−2i/W), W being the head's width.
/// </summary>
internal sealed unsafe class Rotary
{
    private const double Base = 10_000;
    private readonly FloatBuffer _cosines;
    private readonly FloatBuffer _sines;
    private readonly int _half;
    private readonly int _heads;

    public Rotary(ModelShape shape)
    {
        _half = shape.HeadWidth / 2;
        _heads = shape.Heads;
        _cosines = new FloatBuffer((long)shape.Context * _half);
        _sines = new FloatBuffer((long)shape.Context * _half);
        for (int position = 0; position < shape.Context; position++)
        {
            for (int i = 0; i < _half; i++)
            {
                double angle = position * Math.Pow(Base, -2.0 * i / shape.HeadWidth);
                _cosines.Span[(position * _half) + i] = (float)Math.Cos(angle);
                _sines.Span[(position * _half) + i] = (float)Math.Sin(angle);
            }
        }
    }

    /// <summary>Turns all heads of one row, [heads × W], to its position.</summary>
    public void Turn(float* row, int position) => Turn(row, position, direction: 1f);

    /// <summary>The gradient's way: the opposite turn.</summary>
    public void TurnBack(float* row, int position) => Turn(row, position, direction: -1f);

    private void Turn(float* row, int position, float direction)
    {
        float* cosine = _cosines.Pointer + ((nint)position * _half);
        float* sine = _sines.Pointer + ((nint)position * _half);
        for (int head = 0; head < _heads; head++, row += 2 * _half)
        {
            TurnHead(row, row + _half, cosine, sine, direction);
        }
    }

    private void TurnHead(float* first, float* second, float* cosine, float* sine, float direction)
    {
        int lanes = Vector<float>.Count;
        int i = 0;
        for (; i + lanes <= _half; i += lanes)
        {
            Vector<float> a = Vector.Load(first + i);
            Vector<float> b = Vector.Load(second + i);
            Vector<float> c = Vector.Load(cosine + i);
            Vector<float> s = Vector.Load(sine + i) * direction;
            ((a * c) - (b * s)).Store(first + i);
            ((b * c) + (a * s)).Store(second + i);
        }

        for (; i < _half; i++)
        {
            float a = first[i];
            float b = second[i];
            float s = sine[i] * direction;
            first[i] = (a * cosine[i]) - (b * s);
            second[i] = (b * cosine[i]) + (a * s);
        }
    }
}
