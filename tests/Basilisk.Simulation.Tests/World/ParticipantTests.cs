using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Model.Training;
using Basilisk.Simulation.World;
using Xunit;

namespace Basilisk.Simulation.Tests.World;

public sealed class ParticipantTests
{
    private static readonly TrainerOptions Options = new() { WarmupSteps = 5 };

    [Fact]
    public void The_same_seeds_give_the_same_payloads_and_other_units_give_others()
    {
        SparseDelta first = Contribute(unit: 1);
        SparseDelta again = Contribute(unit: 1);
        SparseDelta other = Contribute(unit: 2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.NotEqual(TinyNetwork.Instance.Genesis(1).Root, TinyNetwork.Instance.Genesis(2).Root);
    }

    [Fact]
    public void What_a_payload_leaves_out_is_sent_later()
    {
        using var participant = new Participant(TinyNetwork.Instance, Options, 4);
        SparseDelta first = participant.Contribute(TinyNetwork.Instance.Genesis(1), RunSeed.Of(1, "unit"), steps: 4);
        SparseDelta rest = participant.Send(new float[TinyNetwork.Instance.Shape.ParameterCount]);
        Assert.InRange(rest.Count, 1, first.Count);
        Assert.True(rest.Norm < first.Norm);
        Assert.NotEqual(first.Indices.ToArray(), rest.Indices.ToArray());
    }

    [Fact]
    public void Trained_contributions_settle_a_round_under_the_real_rules()
    {
        SmallNetwork network = TinyNetwork.Instance;
        Checkpoint genesis = network.Genesis(1);
        SparseDelta[] deltas = [.. Enumerable.Range(0, 3).Select(i => Contribute(unit: i, steps: 8))];
        SettlementInput round = network.Round(RunSeed.Of(1, "evaluation"), genesis, genesis, [], [], deltas);
        SettlementResult result = RoundSettlement.Settle(round, new IntegerLossEvaluator(1), null, CancellationToken.None);
        Assert.True(result.Settled);
        Assert.Equal(result.Gain, result.Candidates.Sum(candidate => candidate.Credit));
        Assert.True(result.Holdout!.After < result.Holdout.Before);
        Assert.NotEqual(genesis.Root, result.Next.Root);
    }

    private static SparseDelta Contribute(int unit, int steps = 3)
    {
        using var participant = new Participant(TinyNetwork.Instance, Options, 4);
        return participant.Contribute(TinyNetwork.Instance.Genesis(1), RunSeed.Of(unit, "unit"), steps);
    }
}
