using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Judging;

/// <summary>The sizes under which docs/numbers.md proves that no accumulator of the judge can overflow.</summary>
public static class ShapeLimits
{
    public const int Vocabulary = 65_536;
    public const int Width = 8_192;
    public const int Layers = 256;
    public const int FeedForward = 32_768;
    public const int Context = 8_192;

    /// <summary>Why the judge refuses the shape: a stable token, then the numbers seen and allowed; null when it accepts.</summary>
    public static string? Refuse(ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Exceeds("vocabulary", shape.Vocabulary, Vocabulary)
            ?? Exceeds("width", shape.Width, Width)
            ?? Exceeds("layers", shape.Layers, Layers)
            ?? Exceeds("heads", shape.Heads, Width / 2)
            ?? Exceeds("feed-forward", shape.FeedForward, FeedForward)
            ?? Exceeds("context", shape.Context, Context)
            ?? Indivisible(shape)
            ?? TooMany(shape);
    }

    private static string? Exceeds(string name, int value, int limit) =>
        value < 1 || value > limit ? $"shape-{name}-out-of-range: {value} is not in 1 … {limit}" : null;

    private static string? Indivisible(ModelShape shape) =>
        shape.Width % (2 * shape.Heads) != 0
            ? $"shape-heads-do-not-divide-width: {shape.Width} is not a multiple of 2 × {shape.Heads}"
            : null;

    /// <summary>Weights lie in one array, so their number is an int; counted in int64 before anything is laid out.</summary>
    private static string? TooMany(ModelShape shape)
    {
        long perLayer = (4L * shape.Width * shape.Width) + (3L * shape.Width * shape.FeedForward) + (2L * shape.Width);
        long tables = (shape.TiedHead ? 1L : 2L) * shape.Vocabulary * shape.Width;
        long count = tables + (shape.Layers * perLayer) + shape.Width;
        return count > Array.MaxLength ? $"shape-too-many-weights: {count} exceed {Array.MaxLength}" : null;
    }
}
