using Basilisk.Simulation.Chains;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Incentives;

/// <summary>Hiding blocks, with and without rolling finality.</summary>
/// <param name="world">Model and data of the virtual network.</param>
/// <param name="rounds">Rounds of a run.</param>
public sealed class SelfishStudy(SmallNetwork world, int rounds)
{
    /// <summary>Settled rounds that no run is long enough to undo: nothing is final.</summary>
    private const uint NeverFinal = 1 << 20;

    private const double Majority = 0.55;

    /// <summary>Measures all points.</summary>
    public IEnumerable<SelfishPoint> Measure(int seeds, IProgress<string>? progress, CancellationToken cancellation)
    {
        foreach (bool fast in new[] { false, true })
        {
            foreach (double share in new[] { 0.2, 0.3, 0.4 })
            {
                yield return Point(ChainAttack.Selfish("selfish", share, fast), seeds, progress, cancellation);
            }
        }

        yield return Point(WithoutFinality(ChainAttack.Selfish("selfish", 0.4, fast: true)), seeds, progress, cancellation);
        Conduct honest = ChainAttack.Machine((1 - Majority) / 3);
        Conduct rewriter = ChainAttack.Machine(Majority) with { Publishing = Publishing.Rewriting };
        var rewriting = new ChainAttack("rewriting", [honest, honest, honest, rewriter], new ChainSettings());
        yield return Point(rewriting, seeds, progress, cancellation);
        yield return Point(WithoutFinality(rewriting), seeds, progress, cancellation);
    }

    /// <summary>A selfish miner's share of blocks (Eyal and Sirer 2013, equation 8).</summary>
    /// <param name="alpha">His share of hashes.</param>
    /// <param name="gamma">Share of the others that mine on his branch in a race.</param>
    public static double ExpectedBlockShare(double alpha, double gamma)
    {
        double honest = 1 - alpha;
        double his = (alpha * honest * honest * ((4 * alpha) + (gamma * (1 - (2 * alpha))))) - (alpha * alpha * alpha);
        return his / (1 - (alpha * (1 + ((2 - alpha) * alpha))));
    }

    private static ChainAttack WithoutFinality(ChainAttack attack) => attack with { Settings = attack.Settings with { FinalityRounds = NeverFinal } };

    private SelfishPoint Point(ChainAttack attack, int seeds, IProgress<string>? progress, CancellationToken cancellation)
    {
        Conduct attacker = attack.Attacker;
        bool final = attack.Settings.FinalityRounds != NeverFinal;
        progress?.Report($"{attack.Name}, {attacker.HashShare:0.00} of the machines, F = {(final ? attack.Settings.FinalityRounds : "none")}: {seeds} runs of {rounds} rounds");
        ChainRun[] runs = [.. Enumerable.Range(1, seeds).Select(seed => attack.Run(world, seed, rounds, cancellation))];
        double gamma = runs.Average(run => run.Gamma);
        Estimate coins = Estimate.Of([.. runs.Select(run => run.AttackersShare(pay => pay.Coins))]);
        return new SelfishPoint(
            attack.Name,
            final ? (int)attack.Settings.FinalityRounds : 0,
            attacker.HashShare,
            attacker.LinkDelay < 1,
            gamma,
            runs.Average(run => run.AttackersShare(pay => pay.Blocks)),
            attacker.Publishing == Publishing.Selfish ? ExpectedBlockShare(attacker.HashShare, gamma) : null,
            runs.Average(run => run.AttackersShare(pay => pay.Credit)),
            coins.Mean,
            coins.Error,
            runs.Average(run => run.SwitchesRefused),
            seeds);
    }
}
