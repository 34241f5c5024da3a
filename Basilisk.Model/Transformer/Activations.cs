using Basilisk.Exact.Shapes;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Transformer;

/// <summary>What one block keeps for the way back. R rows (tokens of a shard), D width, F feed-forward, H heads.</summary>
internal sealed class LayerActivations(ModelShape shape, int rows)
{
    /// <summary>Residual stream before the block, [R, D].</summary>
    public FloatBuffer Input { get; } = new((long)rows * shape.Width);

    /// <summary>1/rms of the input, [R].</summary>
    public FloatBuffer AttentionInverse { get; } = new(rows);

    /// <summary>Normed input, [R, D].</summary>
    public FloatBuffer AttentionNormed { get; } = new((long)rows * shape.Width);

    /// <summary>Queries, keys (both turned to their positions) and values, [R, 3D].</summary>
    public FloatBuffer QueryKeyValue { get; } = new(3L * rows * shape.Width);

    /// <summary>Logarithm of each softmax row's sum, shift included, [H, R].</summary>
    public FloatBuffer LogSums { get; } = new((long)rows * shape.Heads);

    /// <summary>Attention's mixed values, [R, D].</summary>
    public FloatBuffer Mixed { get; } = new((long)rows * shape.Width);

    /// <summary>Residual stream between the half-blocks, [R, D].</summary>
    public FloatBuffer Middle { get; } = new((long)rows * shape.Width);

    /// <summary>1/rms of the middle, [R].</summary>
    public FloatBuffer FeedForwardInverse { get; } = new(rows);

    /// <summary>Normed middle, [R, D].</summary>
    public FloatBuffer FeedForwardNormed { get; } = new((long)rows * shape.Width);

    /// <summary>Gate and up projections, [R, 2F].</summary>
    public FloatBuffer GateUp { get; } = new(2L * rows * shape.FeedForward);

    /// <summary>silu(gate) ∘ up, [R, F].</summary>
    public FloatBuffer Hidden { get; } = new((long)rows * shape.FeedForward);
}

/// <summary>Everything one thread needs for a shard of at most R tokens, allocated once.</summary>
internal sealed class Activations
{
    public Activations(ModelShape shape, int rows)
    {
        Rows = rows;
        var layers = new LayerActivations[shape.Layers];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new LayerActivations(shape, rows);
        }

        Layers = layers;
        Output = new FloatBuffer((long)rows * shape.Width);
        OutputInverse = new FloatBuffer(rows);
        OutputNormed = new FloatBuffer((long)rows * shape.Width);
        Attention = new AttentionScratch(shape);
        HeadRows = Math.Clamp(LogitsAtOnce / shape.Vocabulary, 1, rows);
        Logits = new FloatBuffer((long)HeadRows * shape.Vocabulary);
    }

    /// <summary>Logits held at once: 4 MiB, so a large vocabulary is done in several bands of rows.</summary>
    private const int LogitsAtOnce = 1 << 20;

    /// <summary>Most tokens of a shard, R.</summary>
    public int Rows { get; }

    public IReadOnlyList<LayerActivations> Layers { get; }

    /// <summary>Residual stream after the last block, [R, D].</summary>
    public FloatBuffer Output { get; }

    public FloatBuffer OutputInverse { get; }

    /// <summary>What the head reads, [R, D].</summary>
    public FloatBuffer OutputNormed { get; }

    public AttentionScratch Attention { get; }

    /// <summary>Rows of <see cref="Logits"/>.</summary>
    public int HeadRows { get; }

    /// <summary>[HeadRows, V]; logits, then their gradient.</summary>
    public FloatBuffer Logits { get; }

    public GemmWorkspace Gemm { get; } = new();
}

/// <summary>Gradients of activations on the way back; one set serves all blocks.</summary>
internal sealed class ActivationGradients(ModelShape shape, int rows)
{
    /// <summary>Of the residual stream, [R, D].</summary>
    public FloatBuffer Residual { get; } = new((long)rows * shape.Width);

    /// <summary>Of a norm's output, [R, D].</summary>
    public FloatBuffer Normed { get; } = new((long)rows * shape.Width);

    /// <summary>Of queries, keys and values, [R, 3D].</summary>
    public FloatBuffer QueryKeyValue { get; } = new(3L * rows * shape.Width);

    /// <summary>Of the mixed values, [R, D].</summary>
    public FloatBuffer Mixed { get; } = new((long)rows * shape.Width);

    /// <summary>Of the feed-forward's hidden values, [R, F].</summary>
    public FloatBuffer Hidden { get; } = new((long)rows * shape.FeedForward);
}
