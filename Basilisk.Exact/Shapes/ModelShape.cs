namespace Basilisk.Exact.Shapes;

/// <summary>
/// The sizes of a Llama-shape transformer: RMSNorm before each half-block, rotary positions (half-split,
/// base 10,000), causal attention with as many key/value heads as query heads, SwiGLU feed-forward, no biases.
/// </summary>
/// <param name="Vocabulary">Number of tokens, V.</param>
/// <param name="Width">Residual width, D; a multiple of <paramref name="Heads"/> × 2.</param>
/// <param name="Layers">Number of blocks, L.</param>
/// <param name="Heads">Number of attention heads, H.</param>
/// <param name="FeedForward">Hidden width of the feed-forward, F.</param>
/// <param name="Context">Longest sequence the network judges and trains on, T, in tokens.</param>
/// <param name="TiedHead">Whether the output head is the embedding.</param>
public sealed record ModelShape(int Vocabulary, int Width, int Layers, int Heads, int FeedForward, int Context, bool TiedHead)
{
    /// <summary>Width of one head, D / H.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Number of weights; the length of a checkpoint.</summary>
    public int ParameterCount => new ParameterLayout(this).Count;

    /// <summary>
    /// All sizes from one dial: width 32 × depth, heads of 32, feed-forward 8/3 of the width rounded up to a multiple of 32.
    /// Depth 4 with a vocabulary of 1,024 has about 0.98 M weights, depth 5 about 1.8 M.
    /// </summary>
    public static ModelShape FromDepth(int depth, int vocabulary, int context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        int width = 32 * depth;
        int feedForward = ((8 * width) + 95) / 96 * 32;
        return new ModelShape(vocabulary, width, depth, depth, feedForward, context, TiedHead: true);
    }
}
