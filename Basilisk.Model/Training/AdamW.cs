using System.Numerics;
using Basilisk.Compute.Threading;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch's: w ← w·(1 − η·λ) − η·m̂ / (√v̂ + ε).
/// Also sums the threads' gradients and measures their global norm, piece by piece over the team.
/// </summary>
internal sealed unsafe class AdamW
{
    // Small enough to share out evenly, large enough that taking a piece costs nothing.
    private const int PieceLength = 16_384;

    private readonly TrainerOptions _options;
    private readonly List<Piece> _pieces;
    private readonly double[] _squares;
    private readonly Action<int, int> _sumPiece;
    private readonly Action<int, int> _updatePiece;
    private FloatBuffer[] _gradients = [];
    private FloatBuffer? _weights;
    private Update _update;

    public AdamW(ParameterLayout layout, TrainerOptions options)
    {
        _options = options;
        _pieces = Cut(layout, options);
        _squares = new double[_pieces.Count];
        _sumPiece = (item, _) => SumPiece(item);
        _updatePiece = (item, _) => UpdatePiece(_pieces[item]);
        Means = new FloatBuffer(layout.Count);
        Squares = new FloatBuffer(layout.Count);
    }

    /// <summary>m, decaying mean of gradients, [P].</summary>
    public FloatBuffer Means { get; }

    /// <summary>v, decaying mean of squared gradients, [P].</summary>
    public FloatBuffer Squares { get; }

    /// <summary>Updates done.</summary>
    public long Steps { get; set; }

    /// <summary>Sums all threads' gradients into the first, clears the others, and returns the sum's norm.</summary>
    public double SumGradients(FloatBuffer[] gradients, WorkerTeam team)
    {
        _gradients = gradients;
        team.Run(_pieces.Count, _sumPiece);
        return Math.Sqrt(_squares.Sum());
    }

    /// <summary>One step on the weights from the summed gradient times <paramref name="gradientScale"/>; clears the gradient.</summary>
    public void Apply(FloatBuffer weights, double learningRate, double gradientScale, WorkerTeam team)
    {
        Steps++;
        _weights = weights;
        _update = new Update(
            (float)gradientScale,
            (float)(learningRate / (1 - Math.Pow(_options.Beta1, Steps))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps))),
            (float)(1 - (learningRate * _options.WeightDecay)));
        team.Run(_pieces.Count, _updatePiece);
    }

    /// <summary>Forgets all gradients of the current step.</summary>
    public void Discard(FloatBuffer[] gradients)
    {
        foreach (FloatBuffer gradient in gradients)
        {
            gradient.Span.Clear();
        }
    }

    private static List<Piece> Cut(ParameterLayout layout, TrainerOptions options)
    {
        var pieces = new List<Piece>();
        foreach (TensorSlot slot in layout.Tensors)
        {
            bool decays = !slot.IsGain && (options.DecayEmbedding || slot.Offset != layout.Embedding.Offset);
            for (int start = slot.Offset; start < slot.End; start += PieceLength)
            {
                pieces.Add(new Piece(start, Math.Min(PieceLength, slot.End - start), decays));
            }
        }

        return pieces;
    }

    private void SumPiece(int item)
    {
        Piece piece = _pieces[item];
        Span<float> total = _gradients[0].Span.Slice(piece.Start, piece.Length);
        for (int i = 1; i < _gradients.Length; i++)
        {
            Span<float> part = _gradients[i].Span.Slice(piece.Start, piece.Length);
            Add(total, part);
            part.Clear();
        }

        _squares[item] = SumOfSquares(total);
    }

    private static void Add(Span<float> total, ReadOnlySpan<float> part)
    {
        int lanes = Vector<float>.Count;
        int i = 0;
        for (; i + lanes <= total.Length; i += lanes)
        {
            (new Vector<float>(total[i..]) + new Vector<float>(part[i..])).CopyTo(total[i..]);
        }

        for (; i < total.Length; i++)
        {
            total[i] += part[i];
        }
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        // Short runs in fp32, their sums in fp64: exact enough for a norm, and four times as fast as fp64 throughout.
        const int Run = 1024;
        int lanes = Vector<float>.Count;
        double sum = 0;
        for (int start = 0; start < values.Length; start += Run)
        {
            ReadOnlySpan<float> run = values.Slice(start, Math.Min(Run, values.Length - start));
            Vector<float> sums = Vector<float>.Zero;
            int i = 0;
            for (; i + lanes <= run.Length; i += lanes)
            {
                var v = new Vector<float>(run[i..]);
                sums += v * v;
            }

            sum += Vector.Sum(sums);
            for (; i < run.Length; i++)
            {
                sum += (double)run[i] * run[i];
            }
        }

        return sum;
    }

    private void UpdatePiece(Piece piece)
    {
        // Invariant: pieces lie inside the P floats of all four buffers and do not overlap.
        float* w = _weights!.Pointer + piece.Start;
        float* g = _gradients[0].Pointer + piece.Start;
        float* m = Means.Pointer + piece.Start;
        float* v = Squares.Pointer + piece.Start;
        float keep = piece.Decays ? _update.Keep : 1f;
        float beta1 = (float)_options.Beta1;
        float beta2 = (float)_options.Beta2;
        float epsilon = (float)_options.Epsilon;
        int lanes = Vector<float>.Count;
        int i = 0;
        for (; i + lanes <= piece.Length; i += lanes)
        {
            Vector<float> gradient = Vector.Load(g + i) * _update.GradientScale;
            Vector<float> mean = (Vector.Load(m + i) * beta1) + (gradient * (1 - beta1));
            Vector<float> square = (Vector.Load(v + i) * beta2) + (gradient * gradient * (1 - beta2));
            mean.Store(m + i);
            square.Store(v + i);
            Vector<float> root = (Vector.SquareRoot(square) * _update.RootScale) + new Vector<float>(epsilon);
            ((Vector.Load(w + i) * keep) - (mean * _update.Rate / root)).Store(w + i);
            Vector<float>.Zero.Store(g + i);
        }

        for (; i < piece.Length; i++)
        {
            float gradient = g[i] * _update.GradientScale;
            m[i] = (m[i] * beta1) + (gradient * (1 - beta1));
            v[i] = (v[i] * beta2) + (gradient * gradient * (1 - beta2));
            w[i] = (w[i] * keep) - (m[i] * _update.Rate / ((MathF.Sqrt(v[i]) * _update.RootScale) + epsilon));
            g[i] = 0;
        }
    }

    private readonly record struct Piece(int Start, int Length, bool Decays);

    /// <param name="GradientScale">From clipping.</param>
    /// <param name="Rate">Learning rate with the mean's bias correction.</param>
    /// <param name="RootScale">Bias correction of the root.</param>
    /// <param name="Keep">1 − η·λ.</param>
    private readonly record struct Update(float GradientScale, float Rate, float RootScale, float Keep);
}
