using System.Collections.Concurrent;
using System.Globalization;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>
/// Attacks on the settlement of a round, each put into rounds of an honest run that are then settled again under the real rules: real
/// training, real payloads, the integer judge, the chain's passes.
/// </summary>
public sealed class SettlementStudy : IAttackStudy
{
    private static readonly Attack[] Catalogue = [.. Disguises.All(), .. Noise.All(), .. PublicCopies.All()];

    private readonly SettlementPlan _plan;

    public SettlementStudy(SettlementPlan? plan = null) => _plan = plan ?? new SettlementPlan();

    public IReadOnlyList<string> Attacks { get; } = [.. Catalogue.Select(attack => attack.Name)];

    public IReadOnlyList<AttackResult> Run(IReadOnlyCollection<string> attacks, int seeds, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attacks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seeds);
        Attack[] chosen = [.. Catalogue.Where(attack => attacks.Contains(attack.Name))];
        progress?.Report("building the network's tokenizer and corpus");
        var network = SmallNetwork.Create(_plan.Network, cancellation);
        var workers = new Workers(network);
        var runs = new ConcurrentDictionary<int, IReadOnlyDictionary<string, RunFigure>>();
        Parallel.For(
            1,
            seeds + 1,
            new ParallelOptions { MaxDegreeOfParallelism = _plan.Threads, CancellationToken = cancellation },
            seed => runs[seed] = new SettlementRunner(network, _plan, workers, seed, cancellation).Run(chosen, progress));
        return [.. chosen.Select(attack => Summary(attack, network, [.. runs.OrderBy(run => run.Key).Select(run => run.Value[attack.Name])]))];
    }

    /// <summary>What an attack may earn, as docs/adversaries.md prints it; null for attacks that are only measured.</summary>
    internal static AttackKind KindOf(string attack) => Catalogue.Single(entry => entry.Name == attack).Kind;

    private AttackResult Summary(Attack attack, SmallNetwork network, RunFigure[] runs)
    {
        var credit = Estimate.Of([.. runs.Select(run => run.CreditRatio)]);
        var coins = Estimate.Of([.. runs.Select(run => run.CoinRatio)]);
        string setting = string.Create(
            CultureInfo.InvariantCulture,
            $"{attack.Beside ?? _plan.Honest} honest, {_plan.Rounds} rounds of {_plan.StepsPerUnit} steps, {network}; tried in {runs.Sum(run => run.Rounds)} rounds, {runs.Sum(run => run.Paid)} paid, {runs.Average(run => run.AcceptedShare):0.00} accepted");
        string notes = string.Join("; ", runs.Select(run => run.Note).OfType<string>());
        return new AttackResult(attack.Name, credit.Mean, coins.Mean, credit.Error, runs.Length, coins.Error, notes.Length == 0 ? setting : $"{setting}; {notes}");
    }
}
