using System.Globalization;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Chains;

/// <summary>What attacks on blocks, times and places are paid: many nodes on virtual time, real blocks, real training, the real rules.</summary>
/// <param name="threads">Runs at once.</param>
/// <param name="rounds">Rounds of each run.</param>
public sealed class ChainAttackStudy(int threads, int rounds = ChainAttackStudy.DefaultRounds) : IAttackStudy
{
    /// <summary>24 rounds are 576 blocks.</summary>
    public const int DefaultRounds = 24;

    /// <summary>What one query may use.</summary>
    private const int MostThreads = 512;

    public IReadOnlyList<string> Attacks { get; } = [.. ChainAttack.All.Select(attack => attack.Name)];

    public IReadOnlyList<AttackResult> Run(IReadOnlyCollection<string> attacks, int seeds, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attacks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seeds);
        SmallNetwork world = SmallNetwork.Create(ChainSettings.World, cancellation);
        var results = new List<AttackResult>();
        foreach (ChainAttack attack in ChainAttack.All.Where(attack => attacks.Contains(attack.Name)))
        {
            progress?.Report($"{attack.Name}: {seeds} runs of {rounds} rounds");
            ChainRun[] runs = [.. Enumerable.Range(1, seeds).AsParallel().AsOrdered().WithCancellation(cancellation).WithDegreeOfParallelism(Math.Min(threads, MostThreads))
                .Select(seed => attack.Run(world, seed, rounds, cancellation))];
            results.Add(ResultOf(attack, runs));
        }

        return results;
    }

    private AttackResult ResultOf(ChainAttack attack, IReadOnlyList<ChainRun> runs)
    {
        Estimate credit = Estimate.Of([.. runs.Select(run => run.AttackersRatio(pay => pay.Credit))]);
        Estimate coins = Estimate.Of([.. runs.Select(run => run.AttackersRatio(pay => pay.Coins))]);
        Estimate blocks = Estimate.Of([.. runs.Select(run => run.AttackersRatio(pay => pay.Blocks))]);
        double honestMinted = runs.Average(run => run.Minted(run.Pays.SkipLast(1)));
        double settled = (double)runs.Sum(run => run.RoundsSettled) / runs.Sum(run => run.Rounds);
        double interval = runs.Average(run => run.Seconds / run.Blocks);
        string setting = string.Create(
            CultureInfo.InvariantCulture,
            $"{attack.Participants.Count - 1} honest nodes, attacker has {attack.Attacker.HashShare:0.00} of the machines, {rounds} rounds; blocks per hash {blocks.Mean:0.00} ± {blocks.Error:0.00}, honest minted {honestMinted:0.00} of their blocks, {settled:0.00} of rounds settled, {interval:0.00} s per block");
        return new AttackResult(attack.Name, credit.Mean, coins.Mean, credit.Error, runs.Count, coins.Error, setting);
    }
}
