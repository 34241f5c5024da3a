using Basilisk.Exact.Payloads;

namespace Basilisk.Simulation.Learning;

/// <summary>How much of a participant's progress a payload carries.</summary>
/// <param name="Name">As the results name it.</param>
/// <param name="Payload">k and level bits.</param>
public sealed record LearningMode(string Name, PayloadLimits Payload)
{
    /// <summary>Every entry of a chunk in 8 bits: as near to the whole delta as the codec comes.</summary>
    public static LearningMode Dense { get; } = new("dense", new PayloadLimits(PayloadCodec.ChunkWeights, 8));

    /// <summary>The dev network's: a quarter of the entries in 4 bits.</summary>
    public static LearningMode Dev { get; } = new("dev", new PayloadLimits(1024, 4));

    /// <summary>The main network's: 64 of 4,096 entries in 4 bits.</summary>
    public static LearningMode Compressed { get; } = new("compressed", new PayloadLimits(64, 4));

    public static IReadOnlyList<LearningMode> All { get; } = [Dense, Dev, Compressed];
}
