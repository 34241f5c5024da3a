using Basilisk.Chain.Settlement;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Genesis;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>A round that pays nobody and moves the model along what empty rounds made public: recorded, replayed and rebuilt as any other.</summary>
public sealed class PublicStepTests
{
    private const int RoundLength = 6;

    /// <summary>Gains count from so many standard errors on that one contribution's never does, and two rounds' together do.</summary>
    internal static Network Demanding { get; } = TestNetwork.Instance with
    {
        Parameters = TestNetwork.Instance.Parameters with
        {
            Judging = TestNetwork.Instance.Parameters.Judging with
            {
                Settlement = TestNetwork.Instance.Parameters.Judging.Settlement with { Significance = 24 },
            },
        },
    };

    [Fact]
    public async Task It_is_settled_for_the_chain_and_pays_nobody()
    {
        await using TestNode node = await MovedAsync();
        RoundOutcome outcome = node.View.Totals.LastOutcome!;
        Assert.Equal((true, false, SettlementReasons.PublicStep), (outcome.Settled, outcome.Pays, outcome.Reason));
        Assert.NotEqual(outcome.ModelRoot, outcome.NextModelRoot);
        Assert.Equal((0, 0, 1L), (node.View.Totals.Gain, node.View.Totals.Credit, node.View.Totals.Settled));
        Assert.Equal(0, node.View.Totals.LastReleased);
        Assert.Contains(node.Log.Lines, line => line.Id == 1205);
        Assert.Empty(node.View.Trail.Standstill(node.View.State.ModelRoot));
    }

    [Fact]
    public async Task A_log_with_one_verifies_and_its_checkpoint_is_rebuilt_from_the_payloads_before_it()
    {
        await using TestNode node = await MovedAsync();
        VerificationResult verified = await new ChainVerifier(node.Network, node.Store.Events, new IntegerLossEvaluator(2)).RunAsync(null, CancellationToken.None);
        Assert.Null(verified.Difference);
        Assert.Equal(node.View.State.ModelRoot.ToString(), verified.ModelRoot);
        Assert.Null(await ProjectionAudit.RunAsync(node.Store, CancellationToken.None));

        await node.StopAsync();
        Directory.Delete(node.Folder, recursive: true);
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(node.View.Hash, again.View.Hash);
        Assert.NotNull(again.Checkpoints.Find(again.View.State.ModelRoot));
        await again.MineAsync(RoundLength);
    }

    /// <summary>Mines until a round has moved the model unpaid.</summary>
    internal static async Task<TestNode> MovedAsync()
    {
        TestNode node = await TestNode.StartAsync(network: Demanding);
        await node.MineAsync((2 * RoundLength) - 1); // genesis has height 0
        for (int round = 2; round < 8 && node.View.Totals.Settled == 0; round++)
        {
            await node.MineAsync(RoundLength);
        }

        Assert.Equal(SettlementReasons.PublicStep, node.View.Totals.LastOutcome!.Reason);
        return node;
    }
}
