using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Tests;

/// <summary>A network of 21,000 weights, made once, for tests that need real training and real judging and no more.</summary>
internal static class TinyNetwork
{
    private static readonly Lazy<SmallNetwork> Made = new(() => SmallNetwork.Create(
        new SmallNetworkOptions { VocabularySize = 320, Depth = 1, Context = 32, TextBytes = 300_000, PaidWindows = 48, HoldoutWindows = 24 },
        CancellationToken.None));

    public static SmallNetwork Instance => Made.Value;
}
