using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>
/// A run of honest participants from genesis under the real settlement. Attacks are put into single rounds of it afterwards, so that
/// one run serves all of them.
/// </summary>
internal sealed class HonestTrajectory(SmallNetwork network, SettlementPlan plan, int seed)
{
    private readonly Checkpoint _genesis = network.Genesis(seed);
    private readonly List<HonestRound> _rounds = [];

    public int Seed { get; } = seed;

    public IReadOnlyList<HonestRound> Rounds => _rounds;

    /// <summary>The model after the last round.</summary>
    public Checkpoint Final => _rounds.Count == 0 ? _genesis : _rounds[^1].Next;

    /// <summary>Runs all rounds.</summary>
    /// <param name="workers">Train beside the honest ones, unseen.</param>
    /// <param name="joined">A worker whose payload is sent too, in every round; null for none.</param>
    /// <param name="emptied">Rounds whose result is set aside, as if the holdout's guard had refused it; null for none.</param>
    /// <param name="evaluator">The judge.</param>
    /// <param name="cancellation">Stops between rounds.</param>
    public void Run(IReadOnlyList<Worker> workers, Worker? joined, Func<int, bool>? emptied, ILossEvaluator evaluator, CancellationToken cancellation)
    {
        using var crew = new Crew(network, plan, Seed, [.. workers, .. joined is null ? [] : new[] { joined }]);
        for (int round = 0; round < plan.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            Checkpoint current = Final;
            List<SparseDelta> sent = crew.Honest(round, current);
            Dictionary<string, SparseDelta> work = crew.Work(round, current);
            if (joined is not null)
            {
                sent.Add(work[joined.Name]);
            }

            SettlementInput question = network.Round(
                RunSeed.Of(Seed, "evaluation", round),
                _genesis,
                current,
                _rounds.Select(past => past.Current).Reverse(),
                _rounds.Select(past => past.Payloads).Reverse(),
                sent);
            SettlementResult result = RoundSettlement.Settle(question, evaluator, null, cancellation);
            _rounds.Add(new HonestRound(round, question, result, emptied?.Invoke(round) == true ? current : result.Next, work));
        }
    }

    /// <summary>The participants of one run, each with a trainer of his own.</summary>
    private sealed class Crew : IDisposable
    {
        private readonly SettlementPlan _plan;
        private readonly int _seed;
        private readonly Participant[] _honest;
        private readonly (Worker Worker, Participant Participant)[] _workers;

        public Crew(SmallNetwork network, SettlementPlan plan, int seed, IReadOnlyList<Worker> workers)
        {
            _plan = plan;
            _seed = seed;
            _honest = [.. Enumerable.Range(0, plan.Honest).Select(_ => Make(network, 1))];
            _workers = [.. workers.Select(worker => (worker, Make(network, worker.Share)))];
        }

        public List<SparseDelta> Honest(int round, Checkpoint from) =>
            [.. _honest.Select((participant, i) => participant.Contribute(from, RunSeed.Of(_seed, "unit", round, i), _plan.StepsPerUnit))];

        public Dictionary<string, SparseDelta> Work(int round, Checkpoint from) => _workers.ToDictionary(
            entry => entry.Worker.Name,
            entry => entry.Worker.Work(entry.Participant, from, RunSeed.Of(_seed, entry.Worker.Name, round), _plan.StepsPerUnit));

        public void Dispose()
        {
            foreach (Participant participant in _honest.Concat(_workers.Select(entry => entry.Participant)))
            {
                participant.Dispose();
            }
        }

        private Participant Make(SmallNetwork network, double share) => new(network, _plan.Trainer(share), _plan.BatchSequences);
    }
}
