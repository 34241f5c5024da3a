using System.Text.Json;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Contracts.Rounds;
using Basilisk.Exact.Payloads;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections;
using Basilisk.Node.Projections.Documents;
using Basilisk.Node.Tests.Support;
using Basilisk.Store;
using Basilisk.Store.Memory;
using Basilisk.Store.Projections;
using Xunit;

namespace Basilisk.Node.Tests.Training;

public sealed class ContributionBookTests
{
    [Fact]
    public async Task A_contribution_committed_before_a_restart_is_revealed_after_it()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(7);
        await UntilCommittedAsync(node);
        await using TestNode again = await node.RestartAsync();
        while (again.View.Phase == RoundPhase.Train)
        {
            await again.MineAsync(contribute: false);
        }

        again.Book.SendMissing(again.View);
        Block block = await again.MineAsync(contribute: false);
        Assert.Single(block.Payloads);
        Assert.IsType<RevealCall>(ProtocolCall.Read(Assert.Single(block.Transactions)).Value);
        await again.MineAsync(contribute: false);
        Assert.Single(again.View.Totals.LastOutcome!.Contributions);
    }

    [Fact]
    public async Task A_contribution_prepared_but_not_sent_before_a_restart_is_sent_after_it()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(7, contribute: false);
        WorkUnit unit = node.Book.NextUnit(node.View)!;
        await node.Book.CommitAsync(node.View, unit, node.Train(unit), CancellationToken.None);
        Assert.Equal(1, node.Pool.Count);
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(0, again.Pool.Count);
        Assert.Equal(1, again.Book.CountOf(again.View.Round));

        again.Book.SendMissing(again.View);
        await again.MineAsync(contribute: false);
        Assert.Equal(UnitStatus.Committed, again.View.State.Unit(unit.Id)!.Status);
    }

    [Fact]
    public async Task Two_units_of_a_round_are_committed_revealed_and_judged()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(6, contribute: false);
        for (int i = 0; i < 2; i++)
        {
            WorkUnit unit = node.Book.NextUnit(node.View)!;
            await node.Book.CommitAsync(node.View, unit, node.Train(unit), CancellationToken.None);
        }

        Assert.Equal(2, node.Book.CountOf(node.View.Round));
        ulong round = node.View.Round;
        while (node.View.Round == round)
        {
            node.Book.SendMissing(node.View);
            await node.MineAsync(contribute: false);
        }

        Assert.Equal(2, node.View.Totals.LastOutcome!.Contributions.Length);
        Assert.Contains(node.View.Totals.LastOutcome.Contributions, contribution => contribution.Accepted);
    }

    [Fact]
    public async Task A_contribution_that_was_judged_is_not_given_back_whether_accepted_or_refused()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(6, contribute: false);
        WorkUnit good = node.Book.NextUnit(node.View)!;
        await node.Book.CommitAsync(node.View, good, node.Train(good), CancellationToken.None);
        WorkUnit bad = node.Book.NextUnit(node.View)!;
        SparseDelta noise = Noise(node);
        await node.Book.CommitAsync(node.View, bad, noise, CancellationToken.None);
        ulong round = node.View.Round;
        while (node.View.Round == round)
        {
            node.Book.SendMissing(node.View);
            await node.MineAsync(contribute: false);
        }

        Assert.True(node.View.Totals.LastOutcome!.Contributions.Single(each => each.Unit == good.Id).Accepted);
        Assert.False(node.View.Totals.LastOutcome.Contributions.Single(each => each.Unit == bad.Id).Accepted);
        Assert.Empty(node.Book.Close(node.View));
    }

    [Fact]
    public async Task A_contribution_that_was_never_judged_is_given_back_once()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(7, contribute: false);
        WorkUnit unit = node.Book.NextUnit(node.View)!;
        SparseDelta delta = node.Train(unit);
        await node.Book.CommitAsync(node.View, unit, delta, CancellationToken.None);
        Assert.Empty(node.Book.Close(node.View));
        while (node.View.Round == 1)
        {
            await node.MineAsync(contribute: false); // committed, not revealed
        }

        Assert.Equal(UnitStatus.Forfeited, node.View.State.Unit(unit.Id)!.Status);
        Assert.Equal(delta.Indices, Assert.Single(node.Book.Close(node.View)).Indices);
        Assert.Empty(node.Book.Close(node.View));
    }

    [Fact]
    public async Task Contributions_that_draw_no_place_are_given_back_and_the_explorer_says_why()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(13, contribute: false);
        var deltas = new Dictionary<string, SparseDelta>();
        while (deltas.Count < 6) // the test network has four places
        {
            WorkUnit unit = node.Book.NextUnit(node.View)!;
            deltas.Add(unit.Id.ToString(), node.Train(unit));
            await node.Book.CommitAsync(node.View, unit, deltas[unit.Id.ToString()], CancellationToken.None);
        }

        ulong round = node.View.Round;
        while (node.View.Round == round)
        {
            node.Book.SendMissing(node.View);
            await node.MineAsync(contribute: false);
        }

        Assert.Equal(4, node.View.Totals.LastOutcome!.Contributions.Length);
        string[] without = [.. deltas.Keys.Except(node.View.Totals.LastOutcome.Contributions.Select(judged => judged.Unit.ToString()))];
        Assert.Equal(2, without.Length);
        Assert.Equal(without.Select(unit => deltas[unit].GetHashCode()).Order(), node.Book.Close(node.View).Select(delta => delta.GetHashCode()).Order());
        await new ProjectionRunner(node.Store, ProjectionSet.All()).CatchUpAsync();
        foreach (string unit in without)
        {
            string json = (await node.Store.Documents.GetAsync(ContributionDocument.Collection, unit))!;
            ContributionView view = JsonSerializer.Deserialize<ContributionDocument>(json, ChainEvents.Json)!.View;
            Assert.Equal((ContributionState.Forfeited, ContributionsProjection.NoPlace), (view.State, view.Reason));
        }
    }

    [Fact]
    public async Task A_unit_whose_commitment_never_got_into_the_chain_can_be_used_in_the_next_round()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(8, contribute: false);
        WorkUnit unit = node.Book.NextUnit(node.View)!;
        await node.Book.CommitAsync(node.View, unit, node.Train(unit), CancellationToken.None);
        Assert.NotEqual(unit.Id, node.Book.NextUnit(node.View)!.Id);
        await using TestNode lost = await TestNode.StartAsync(node.Store, key: 1); // the same log, an empty mempool
        while (lost.View.Round == 1)
        {
            await lost.MineAsync(contribute: false);
        }

        Assert.Equal(unit.Id, lost.Book.NextUnit(lost.View)!.Id);
    }

    [Fact]
    public async Task After_an_append_that_broke_off_the_next_contribution_is_remembered_again()
    {
        foreach (bool written in new[] { true, false })
        {
            var store = new BreakingStore(new MemoryStore());
            await using TestNode node = await TestNode.StartAsync(store);
            await node.MineAsync(7, contribute: false);
            WorkUnit unit = node.Book.NextUnit(node.View)!;
            SparseDelta delta = node.Train(unit);
            store.BreakNextAppend(written);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => node.Book.CommitAsync(node.View, unit, delta, CancellationToken.None));
            Assert.Equal(0, node.Pool.Count);
            await node.Book.CommitAsync(node.View, unit, delta, CancellationToken.None);
            Assert.Equal(1, node.Pool.Count);
        }
    }

    private static async Task UntilCommittedAsync(TestNode node)
    {
        while (node.View.State.Commits().Count == 0)
        {
            await node.MineAsync();
        }
    }

    private static SparseDelta Noise(TestNode node)
    {
        var random = new Random(5);
        int count = node.Network.Parameters.Model.Shape.ParameterCount;
        float[] noise = [.. Enumerable.Range(0, count).Select(_ => ((float)random.NextDouble() - 0.5f) / 50)];
        return new Basilisk.Model.Compression.DeltaCompressor(count, node.Network.Parameters.Payload).Compress(noise);
    }
}
