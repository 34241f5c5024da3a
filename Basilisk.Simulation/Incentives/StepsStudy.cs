using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Model.Training;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Incentives;

/// <summary>
/// What longer training of a unit earns: honest participants train and settle round after round; in some rounds one more joins who put a
/// quarter to four times their steps into his unit, the round is settled with him too, and his credit is read. The chain goes on without him.
/// </summary>
public sealed class StepsStudy
{
    /// <summary>Participants who train the usual steps.</summary>
    private const int Honest = 6;

    private const int UsualSteps = 12;

    /// <summary>Windows per step.</summary>
    private const int Batch = 4;

    private readonly SmallNetwork _world;
    private readonly IntegerLossEvaluator _judge = new(threads: 1);
    private readonly int _rounds;

    /// <param name="world">Model and data.</param>
    /// <param name="rounds">Rounds of a run; read are every second from the fourth on.</param>
    public StepsStudy(SmallNetwork world, int rounds)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, FirstRead + 1);
        (_world, _rounds) = (world, rounds);
    }

    /// <summary>Times the usual steps.</summary>
    public static IReadOnlyList<double> Multiples { get; } = [0.25, 0.5, 1, 2, 4];

    /// <summary>The first round that is read: the optimisers' moments have formed.</summary>
    private const int FirstRead = 3;

    /// <summary>The model the study is made with.</summary>
    public static SmallNetworkOptions World { get; } = new() { PaidWindows = 48 };

    /// <summary>Credit over a usual participant's, per multiple.</summary>
    public IReadOnlyList<StepsPoint> Measure(int seeds, IProgress<string>? progress, CancellationToken cancellation)
    {
        double[][] runs = [.. Enumerable.Range(1, seeds).Select(seed =>
        {
            progress?.Report($"steps per unit: run {seed} of {seeds}");
            return Run(seed, cancellation);
        })];
        return [.. Multiples.Select((multiple, i) =>
        {
            Estimate credit = Estimate.Of([.. runs.Select(run => run[i])]);
            return new StepsPoint(multiple, credit.Mean, credit.Error, seeds);
        })];
    }

    private double[] Run(int seed, CancellationToken cancellation)
    {
        Participant[] honest = [.. Enumerable.Range(0, Honest).Select(_ => NewParticipant())];
        Participant[] others = [.. Multiples.Select(_ => NewParticipant())];
        try
        {
            return Run(seed, honest, others, cancellation);
        }
        finally
        {
            foreach (Participant participant in honest.Concat(others))
            {
                participant.Dispose();
            }
        }
    }

    private double[] Run(int seed, Participant[] honest, Participant[] others, CancellationToken cancellation)
    {
        Checkpoint current = _world.Genesis(seed);
        var past = new List<Checkpoint>();
        var pastPayloads = new List<IReadOnlyList<SparseDelta>>();
        var sums = new double[others.Length];
        int read = 0;
        for (int round = 0; round < _rounds; round++)
        {
            SparseDelta[] deltas = [.. honest.Select((participant, i) => participant.Contribute(current, RunSeed.Of(seed, "unit", round, i), UsualSteps))];
            SparseDelta[] more = [.. others.Select((participant, i) =>
                participant.Contribute(current, RunSeed.Of(seed, "unit", round, Honest + i), (int)(UsualSteps * Multiples[i])))];
            if (round >= FirstRead && (round - FirstRead) % 2 == 0)
            {
                double[] credits = [.. more.Select(delta => CreditOfLast(Settle(seed, round, current, past, pastPayloads, [.. deltas, delta], cancellation)))];
                sums = [.. sums.Select((sum, i) => sum + credits[i])];
                read++;
            }

            SettlementResult result = Settle(seed, round, current, past, pastPayloads, deltas, cancellation);
            past.Insert(0, current);
            pastPayloads.Insert(0, deltas);
            current = result.Next;
        }

        return [.. sums.Select(sum => sum / read)];
    }

    private SettlementResult Settle(
        int seed, int round, Checkpoint current, List<Checkpoint> past, List<IReadOnlyList<SparseDelta>> pastPayloads, SparseDelta[] deltas, CancellationToken cancellation) =>
        RoundSettlement.Settle(_world.Round(RunSeed.Of(seed, "evaluation", round), _world.Genesis(seed), current, past, pastPayloads, deltas), _judge, null, cancellation);

    /// <summary>The last candidate's credit over the others' mean; 0 in an empty round.</summary>
    private static double CreditOfLast(SettlementResult result)
    {
        double others = result.Candidates.SkipLast(1).Average(candidate => (double)candidate.Credit);
        return others == 0 ? 0 : result.Candidates[^1].Credit / others;
    }

    private Participant NewParticipant() => new(_world, new TrainerOptions { WarmupSteps = 0 }, Batch);
}
