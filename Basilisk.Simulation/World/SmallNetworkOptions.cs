using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;

namespace Basilisk.Simulation.World;

/// <summary>Sizes of a network for simulations. The defaults give about 131,000 weights, which a core trains and judges in seconds.</summary>
public sealed record SmallNetworkOptions
{
    /// <summary>Tokens in all.</summary>
    public int VocabularySize { get; init; } = 384;

    /// <summary>The dial that the model's sizes follow from (<see cref="Exact.Shapes.ModelShape.FromDepth"/>).</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Tokens of a window, T.</summary>
    public int Context { get; init; } = 64;

    /// <summary>Bytes of text taken from the default corpus.</summary>
    public int TextBytes { get; init; } = 2_000_000;

    /// <summary>Windows of the paid set P, and of the confirmation set Q.</summary>
    public int PaidWindows { get; init; } = 64;

    /// <summary>Windows of the holdout H.</summary>
    public int HoldoutWindows { get; init; } = 32;

    /// <summary>k and level bits; the main network's, 160 times smaller than fp32.</summary>
    public PayloadLimits Payload { get; init; } = new(entriesPerChunk: 64, levelBits: 4);

    /// <summary>The protocol's constants.</summary>
    public SettlementParameters Settlement { get; init; } = new();
}
