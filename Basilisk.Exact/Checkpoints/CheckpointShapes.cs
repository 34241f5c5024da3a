using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Checkpoints;

/// <summary>Whether sizes from outside make a model, and how many weights it has, without building anything.</summary>
internal static class CheckpointShapes
{
    /// <summary>Largest single size: keeps every product below in 64 bits.</summary>
    private const int LargestSize = 1 << 20;

    /// <summary>Layers of a model; a layout holds a few objects per layer, so this is capped on its own.</summary>
    private const int MostLayers = 1024;

    /// <summary>The number of weights, or null where the sizes make no model or more weights than an array holds.</summary>
    public static long? CountWeights(ModelShape shape)
    {
        ReadOnlySpan<int> sizes = [shape.Vocabulary, shape.Width, shape.Layers, shape.Heads, shape.FeedForward, shape.Context];
        foreach (int size in sizes)
        {
            if (size is < 1 or > LargestSize)
            {
                return null;
            }
        }

        if (shape.Vocabulary > ushort.MaxValue + 1 || shape.Layers > MostLayers || shape.Width % (2L * shape.Heads) != 0)
        {
            return null;
        }

        long width = shape.Width;
        long layer = (2 * width) + (4 * width * width) + (3 * width * shape.FeedForward);
        long heads = shape.TiedHead ? 1 : 2;
        long count = (heads * shape.Vocabulary * width) + (shape.Layers * layer) + width;
        return count <= Array.MaxLength ? count : null;
    }
}
