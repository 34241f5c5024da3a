using Basilisk.Chain.Difficulty;

namespace Basilisk.Chain.Parameters;

/// <summary>How work is asked for and time is judged.</summary>
/// <param name="BlockInterval">Seconds between blocks that difficulty aims at.</param>
/// <param name="HalfLife">ASERT: seconds behind schedule after which the target doubles.</param>
/// <param name="InitialTarget">Compact target of genesis, the anchor.</param>
/// <param name="LimitTarget">Compact form of the easiest target allowed.</param>
/// <param name="FutureLimit">Seconds a block's time may lie ahead of the clock of the node that receives it.</param>
public sealed record DifficultyParameters(
    uint BlockInterval,
    uint HalfLife,
    CompactTarget InitialTarget,
    CompactTarget LimitTarget,
    uint FutureLimit);
