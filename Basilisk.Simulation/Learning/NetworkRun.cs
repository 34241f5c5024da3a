using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Learning;

/// <summary>How a run of the network ended.</summary>
/// <param name="Model">The last checkpoint.</param>
/// <param name="PayloadBytes">Of all contributions together.</param>
/// <param name="Contributions">Payloads sent.</param>
/// <param name="Accepted">Of these, accepted.</param>
/// <param name="Settled">Rounds that moved the model.</param>
internal sealed record NetworkRunEnd(Checkpoint Model, long PayloadBytes, int Contributions, int Accepted, int Settled);

/// <summary>
/// Honest participants over rounds: each trains from C_r, sends what its payload carries, and the real settlement makes C_{r+1}.
/// Nothing is left out but blocks.
/// </summary>
internal sealed class NetworkRun(SmallNetwork network, LearningOptions options, int seed, int participants)
{
    private readonly IntegerLossEvaluator _judge = new(threads: 1);

    public NetworkRunEnd Run(CancellationToken cancellation)
    {
        int steps = options.StepsPerRound(participants);
        Participant[] team =
        [
            .. Enumerable.Range(0, participants).Select(_ => new Participant(network, options.TrainerFor(steps * options.Rounds), options.BatchSequences, options.Lead)),
        ];
        try
        {
            return Run(team, steps, cancellation);
        }
        finally
        {
            Array.ForEach(team, participant => participant.Dispose());
        }
    }

    private NetworkRunEnd Run(Participant[] team, int steps, CancellationToken cancellation)
    {
        Checkpoint genesis = network.Genesis(seed);
        Checkpoint model = genesis;
        var past = new List<Checkpoint>();
        var pastPayloads = new List<IReadOnlyList<SparseDelta>>();
        var end = new NetworkRunEnd(model, 0, 0, 0, 0);
        for (int round = 0; round < options.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            SparseDelta[] deltas = [.. Contributions(team, model, round, steps)];
            SettlementInput question = network.Round(RunSeed.Of(seed, "evaluation", round), genesis, model, past, pastPayloads, deltas);
            SettlementResult result = RoundSettlement.Settle(question, _judge, null, cancellation);
            past.Insert(0, model);
            pastPayloads.Insert(0, deltas);
            model = result.Next;
            end = new NetworkRunEnd(
                model,
                end.PayloadBytes + deltas.Sum(delta => (long)PayloadCodec.SizeOf(delta, network.Payload)),
                end.Contributions + deltas.Length,
                end.Accepted + result.Candidates.Count(candidate => candidate.Reason == SettlementReasons.Accepted),
                end.Settled + (result.Settled ? 1 : 0));
        }

        return end;
    }

    private IEnumerable<SparseDelta> Contributions(Participant[] team, Checkpoint model, int round, int steps) =>
        team.Select((participant, i) => participant.Contribute(model, RunSeed.Of(seed, "learning-unit", round, i), steps)).Where(delta => delta.Count > 0);
}
