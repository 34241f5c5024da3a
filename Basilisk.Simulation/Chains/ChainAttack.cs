namespace Basilisk.Simulation.Chains;

/// <summary>An attack on the order of things: who stands against whom, on which network.</summary>
/// <param name="Name">Stable kebab-case name.</param>
/// <param name="Participants">All participants; the attacker is the last, and nobody else is dishonest.</param>
/// <param name="Settings">The network.</param>
public sealed record ChainAttack(string Name, IReadOnlyList<Conduct> Participants, ChainSettings Settings)
{
    /// <summary>Units that all machines together can train in a round: half of the dev network's places.</summary>
    private const double UnitsOfAll = 8;

    private const double QuarterOfAll = 0.25;

    /// <summary>Delay of a selfish miner's links as a share of the others': he hears of a block and answers before it has arrived elsewhere.</summary>
    private const double FastLink = 0.05;

    /// <summary>Every attack on the chain that is measured.</summary>
    public static IReadOnlyList<ChainAttack> All { get; } =
    [
        AmongEquals("hash-only", honest => honest with { Training = TrainingHabit.None }),
        AmongEquals("commit-withholder", honest => honest with { Training = honest.Training with { Reveals = false } }),
        AmongEquals("time-stamp-ahead", honest => honest with { Time = TimeClaim.Ahead }),
        AmongEquals("time-stamp-behind", honest => honest with { Time = TimeClaim.Behind }),
        AmongEquals("place-taker", honest => honest with { Training = honest.Training with { Hoards = true } }),
        AmongEquals("place-blocker", honest => honest with { Training = honest.Training with { Hoards = true, Reveals = false } }),
        Selfish("selfish-miner-20", 0.2, fast: false),
        Selfish("selfish-miner-30", 0.3, fast: false),
        Selfish("selfish-miner-40", 0.4, fast: false),
        Selfish("selfish-miner-20-fast", 0.2, fast: true),
        Selfish("selfish-miner-30-fast", 0.3, fast: true),
        Selfish("selfish-miner-40-fast", 0.4, fast: true),
    ];

    /// <summary>The attacker's conduct.</summary>
    public Conduct Attacker => Participants[^1];

    /// <summary>Four machines of one size, one of them dishonest.</summary>
    public static ChainAttack AmongEquals(string name, Func<Conduct, Conduct> attacker)
    {
        ArgumentNullException.ThrowIfNull(attacker);
        Conduct honest = Machine(QuarterOfAll);
        return new ChainAttack(name, [honest, honest, honest, attacker(honest)], new ChainSettings());
    }

    /// <summary>A selfish miner of a size against four that share the rest.</summary>
    public static ChainAttack Selfish(string name, double hashShare, bool fast)
    {
        Conduct honest = Machine((1 - hashShare) / 4);
        Conduct selfish = Machine(hashShare) with { Publishing = Publishing.Selfish, LinkDelay = fast ? FastLink : 1 };
        return new ChainAttack(name, [honest, honest, honest, honest, selfish], new ChainSettings());
    }

    /// <summary>A machine that has a share of all hashes and of all training.</summary>
    public static Conduct Machine(double share) => new(share, new TrainingHabit(UnitsOfAll * share));

    /// <summary>Simulates.</summary>
    /// <param name="world">Model and data.</param>
    /// <param name="seed">Number of the run.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="cancellation">Stops between events.</param>
    public ChainRun Run(World.SmallNetwork world, int seed, int rounds, CancellationToken cancellation)
    {
        using var network = new VirtualNetwork(world, Settings, seed, Participants, cancellation);
        return network.Run(rounds);
    }
}
