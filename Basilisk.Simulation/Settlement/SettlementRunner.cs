using Basilisk.Chain.Parameters;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>What one run says of one attack.</summary>
/// <param name="CreditRatio">Attacker's share of credit over an honest participant's.</param>
/// <param name="CoinRatio">The same in coins.</param>
/// <param name="AcceptedShare">Share of its deltas that were accepted.</param>
/// <param name="Rounds">Rounds in which it was tried.</param>
/// <param name="Paid">Of these, rounds that paid somebody.</param>
/// <param name="Note">A figure of its own; null for none.</param>
internal sealed record RunFigure(double CreditRatio, double CoinRatio, double AcceptedShare, int Rounds, int Paid, string? Note = null);

/// <summary>One run: an honest trajectory, and single rounds of it settled again with each attacker in them.</summary>
internal sealed class SettlementRunner(SmallNetwork network, SettlementPlan plan, Workers workers, int seed, CancellationToken cancellation)
{
    private readonly RememberingEvaluator _evaluator = new(new IntegerLossEvaluator(1));
    private readonly NetworkParameters _rules = NetworkPresets.Main(new ModelParameters(network.Shape, default, default, default, default), 1);

    /// <summary>Tries each attack in each round that it can be tried in.</summary>
    public IReadOnlyDictionary<string, RunFigure> Run(IReadOnlyList<Attack> attacks, IProgress<string>? progress)
    {
        var tallies = attacks.ToDictionary(attack => attack.Name, _ => new AttackTally(_rules));
        Attack[] usual = [.. attacks.Where(attack => attack.AfterEmpty == 0)];
        Attack[] afterEmpty = [.. attacks.Where(attack => attack.AfterEmpty > 0)];
        var notes = new Dictionary<string, string>();
        if (usual.Length > 0)
        {
            HonestTrajectory trajectory = Trajectory(workers.All, null, null);
            Report(progress, trajectory);
            Try(usual, trajectory, plan.AttackedRounds, tallies, progress);
            if (seed == 1 && usual.Any(attack => attack.Name == Workers.Backdoor))
            {
                notes[Workers.Backdoor] = LiveBackdoor(trajectory);
            }
        }

        foreach (IGrouping<int, Attack> inARow in afterEmpty.GroupBy(attack => attack.Emptied))
        {
            HonestTrajectory emptied = Trajectory([.. workers.All.Where(worker => worker.Name == Workers.Seventh)], null, round => plan.IsEmptied(round, inARow.Key));
            foreach (IGrouping<int, Attack> group in inARow.GroupBy(attack => attack.AfterEmpty))
            {
                Try(
                    [.. group],
                    emptied,
                    Enumerable.Range(group.Key, plan.EmptyRounds - group.Key).Where(round => plan.IsFirstEmptied(round - group.Key, inARow.Key)),
                    tallies,
                    progress);
            }
        }

        return tallies.ToDictionary(
            entry => entry.Key,
            entry => new RunFigure(
                entry.Value.CreditRatio, entry.Value.CoinRatio(), entry.Value.AcceptedShare, entry.Value.Rounds, entry.Value.Paid, notes.GetValueOrDefault(entry.Key)));
    }

    private HonestTrajectory Trajectory(IReadOnlyList<Worker> beside, Worker? joined, Func<int, bool>? emptied)
    {
        var trajectory = new HonestTrajectory(network, emptied is null ? plan : plan with { Rounds = plan.EmptyRounds }, seed);
        trajectory.Run(beside, joined, emptied, _evaluator, cancellation);
        _evaluator.Clear();
        return trajectory;
    }

    private void Try(IReadOnlyList<Attack> attacks, HonestTrajectory trajectory, IEnumerable<int> rounds, Dictionary<string, AttackTally> tallies, IProgress<string>? progress)
    {
        foreach (int number in rounds)
        {
            SettlementInput question = trajectory.Rounds[number].Question;
            var round = new AttackRound(network, trajectory, number);
            foreach (Attack attack in attacks.Where(attack => attack.Past <= number))
            {
                cancellation.ThrowIfCancellationRequested();
                SparseDelta[] sent = [.. attack.Send(round).Where(delta => delta.Count > 0)];
                if (sent.Length > 0)
                {
                    Candidate[] honest = [.. question.Candidates.Take(attack.Beside ?? plan.Honest)];
                    Candidate[] names = [.. sent.Select((delta, i) => new Candidate(RunSeed.Of(i, attack.Name, number), delta))];
                    SettlementResult result = RoundSettlement.Settle(question with { Candidates = [.. honest, .. names] }, _evaluator, null, cancellation);
                    tallies[attack.Name].Add(result, honest.Length);
                }
            }

            _evaluator.Clear();
            progress?.Report($"seed {seed}: round {number} of {plan.Rounds}, {attacks.Count} attacks, {_evaluator.Judged} evaluations so far");
        }
    }

    /// <summary>The backdoor for real, in one run: its owner sends in every round, and the model that comes of it is asked.</summary>
    private string LiveBackdoor(HonestTrajectory control)
    {
        HonestTrajectory live = Trajectory([], workers.All.Single(worker => worker.Name == Workers.Backdoor), null);
        var judge = new IntegerLossEvaluator(1);
        double Trigger(HonestTrajectory run) => workers.Trigger.AnswerLoss(run.Final, judge, cancellation);
        double Holdout(HonestTrajectory run) => (double)judge.Evaluate(network.Shape, run.Final.Weights, network.Holdout, cancellation).Sum()
            / (1 << LossFormat.FractionBits) / network.Holdout.TargetCount;
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"live, one of {plan.Honest + 1}: trigger loss {Trigger(live):0.00} (control {Trigger(control):0.00}), holdout {Holdout(live):0.000} (control {Holdout(control):0.000})");
    }

    private void Report(IProgress<string>? progress, HonestTrajectory trajectory)
    {
        foreach (HonestRound round in trajectory.Rounds)
        {
            double perToken = 1.0 / (1 << LossFormat.FractionBits);
            progress?.Report(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"seed {seed}: honest round {round.Number}: {round.Result.UnpaidReason ?? "settled"}, accepted {round.Result.Candidates.Count(candidate => candidate.Accepted)} of {round.Payloads.Count}, step {round.Result.Step}, holdout {(round.Result.Holdout!.After ?? round.Result.Holdout.Before) * perToken / round.Result.Holdout.Targets:0.000}"));
        }
    }
}
