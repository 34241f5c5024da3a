using Basilisk.Chain.Parameters;
using Basilisk.Simulation.Chains;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Tests.Chains;

/// <summary>A network with short rounds, one world for all tests.</summary>
internal static class SmallChain
{
    private static readonly Lazy<SmallNetwork> Shared = new(() => SmallNetwork.Create(ChainSettings.World with { PaidWindows = 64 }, CancellationToken.None));

    public static SmallNetwork World => Shared.Value;

    public static ChainSettings Settings { get; } = new()
    {
        Rounds = new RoundSchedule(Train: 6, Reveal: 2, Judge: 2, UnitLifetime: 4),
        Places = 6,
        PayloadsPerBlock = 4,
    };

    /// <summary>A machine with a share of all hashes that trains so many units in a round.</summary>
    public static Conduct Machine(double share, double units = 1) => new(share, new TrainingHabit(units));

    /// <summary>Three honest machines and one that may be none, all of one size.</summary>
    public static ChainRun AmongEquals(int seed, int rounds, Func<Conduct, Conduct> fourth) =>
        Run(seed, rounds, Settings, Machine(0.25), Machine(0.25), Machine(0.25), fourth(Machine(0.25)));

    public static ChainRun Run(int seed, int rounds, ChainSettings settings, params Conduct[] participants)
    {
        using var network = new VirtualNetwork(World, settings, seed, participants, CancellationToken.None);
        return network.Run(rounds);
    }
}
