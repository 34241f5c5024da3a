using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Checkpoints;

/// <summary>How many weights sizes from outside ask for, without laying anything out.</summary>
internal static class CheckpointShapes
{
    /// <summary>The number of weights, or null where the judge refuses the shape.</summary>
    public static long? CountWeights(ModelShape shape)
    {
        if (ShapeLimits.Refuse(shape) is not null)
        {
            return null;
        }

        long width = shape.Width;
        long layer = (2 * width) + (4 * width * width) + (3 * width * shape.FeedForward);
        long tables = shape.TiedHead ? 1 : 2;
        return (tables * shape.Vocabulary * width) + (shape.Layers * layer) + width;
    }
}
