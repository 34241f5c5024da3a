using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store;
using Basilisk.Store.Memory;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>The writer of the chain: what it refuses, what it survives, what it keeps.</summary>
public sealed class ChainstateTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task A_block_whose_parent_is_unknown_is_refused()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> blocks = await theirs.MineAsync(2);
        BlockSubmission submission = await ours.SubmitAsync([blocks[1]]);
        Assert.Equal(Tokens.HeaderOrphan, submission.Refusal!.Token);
        Assert.Equal(0, ours.View.Height);
    }

    [Fact]
    public async Task A_good_header_with_another_body_does_not_poison_the_block()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await ours.MineAsync(2);
        await ours.ContributeAsync();
        Block good = await ours.BuildAsync(ours.View);
        Assert.NotEmpty(good.Transactions);
        var stripped = new Block(good.Header, [], good.Payloads);

        Assert.Equal(Tokens.TransactionsRootMismatch, (await ours.SubmitAsync([stripped])).Refusal!.Token);
        BlockSubmission submission = await ours.SubmitAsync([good]);
        Assert.Null(submission.Refusal);
        Assert.True(submission.IsTip);
        await ours.MineAsync(); // nor what stands on it
    }

    [Fact]
    public async Task A_block_with_a_wrong_state_root_is_refused_and_so_is_all_on_top_of_it()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await ours.MineAsync(2);
        Block good = await ours.BuildAsync(ours.View);
        Block bad = TestNode.Finish(good.WithHeader(good.Header with { StateRoot = Keccak("another state") }));
        Assert.Equal(Tokens.StateRootMismatch, (await ours.SubmitAsync([bad])).Refusal!.Token);
        Block child = TestNode.Finish(good.WithHeader(good.Header with { ParentHash = bad.Hash, Height = bad.Height + 1, Time = bad.Header.Time + 1 }));
        Assert.Equal(Tokens.HeaderInvalidAncestor, (await ours.SubmitAsync([child])).Refusal!.Token);
        Assert.True((await ours.SubmitAsync([good])).IsTip);
    }

    [Fact]
    public async Task A_result_judged_early_in_a_long_judge_phase_is_still_held_when_its_block_comes()
    {
        Network network = TestNetwork.Instance;
        Network slow = network with { Parameters = network.Parameters with { Rounds = new RoundSchedule(Train: 4, Reveal: 1, Judge: 4, UnitLifetime: 3) } };
        await using TestNode node = await TestNode.StartAsync(network: slow);
        for (int i = 0; i < 3 * 9; i++)
        {
            if (node.View.Phase == RoundPhase.Judge)
            {
                await node.Outcomes.OutcomeAsync(node.View, CancellationToken.None);
            }

            await node.MineAsync();
            Assert.NotNull(node.Checkpoints.Find(node.View.State.ModelRoot));
        }

        Assert.True(node.View.Totals.Settled >= 1, "no round settled");
    }

    [Fact]
    public async Task A_full_disk_refuses_the_block_whole_and_the_node_goes_on_once_there_is_space()
    {
        var store = new MemoryStore();
        await using TestNode node = await TestNode.StartAsync(store);
        await node.MineAsync(RoundLength);
        Block block = await node.BuildAsync(node.View);
        long version = await store.Events.StreamVersionAsync(ChainEvents.Stream);
        Hash256 tip = node.View.Hash;
        store.Capacity.Limit = store.Capacity.Used + 100;

        StoreDiskFullException refused = await Assert.ThrowsAsync<StoreDiskFullException>(() => node.SubmitAsync([block]));
        Assert.Contains("free space", refused.Message, StringComparison.Ordinal);
        Assert.Contains(node.Log.Lines, line => line.Id == 1106 && line.Message.Contains("free space", StringComparison.Ordinal));
        Assert.Equal(version, await store.Events.StreamVersionAsync(ChainEvents.Stream));
        Assert.Equal(tip, node.View.Hash);

        store.Capacity.Limit = long.MaxValue;
        Assert.True((await node.SubmitAsync([block])).IsTip);
        await node.MineAsync(RoundLength);
        Assert.Null(await ProjectionAudit.RunAsync(store, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_breaks_during_an_append_leaves_the_chain_as_the_store_has_it(bool written)
    {
        var store = new BreakingStore(new MemoryStore());
        await using TestNode node = await TestNode.StartAsync(store);
        await node.MineAsync(4);
        Block block = await node.BuildAsync(node.View);
        store.BreakNextAppend(written);
        if (written)
        {
            Assert.True((await node.SubmitAsync([block])).IsTip);
        }
        else
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => node.SubmitAsync([block]));
            Assert.True((await node.SubmitAsync([block])).IsTip);
        }

        await node.MineAsync(RoundLength);
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(node.View.Hash, again.View.Hash);
    }

    [Fact]
    public async Task A_second_writer_of_the_same_log_stops_the_node_and_says_why()
    {
        var store = new MemoryStore();
        await using TestNode first = await TestNode.StartAsync(store);
        await first.MineAsync(2);
        await using TestNode second = await TestNode.StartAsync(store, key: 2);
        await second.MineAsync("second");
        Block block = await first.BuildAsync(first.View);

        _ = first.Chainstate.SubmitAsync(block, CancellationToken.None);
        ChainLogTakenException failure = await Assert.ThrowsAsync<ChainLogTakenException>(() => first.Writer.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("chain-log-taken", failure.Token);
    }

    [Fact]
    public async Task Checkpoint_files_that_are_all_gone_are_rebuilt_from_the_log()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(10 * RoundLength);
        Assert.True(node.View.Totals.Settled >= 4, "rounds did not settle");
        await node.StopAsync();
        string[] before = Files(node.Folder);
        Directory.Delete(node.Folder, recursive: true);

        await using TestNode again = await node.RestartAsync();
        Assert.Equal(node.View.Hash, again.View.Hash);
        Assert.NotNull(again.Checkpoints.Find(again.View.State.ModelRoot));
        Assert.All(again.View.Trail.PastModels, root => Assert.NotNull(again.Checkpoints.Find(root)));
        await again.MineAsync(RoundLength);
        Assert.True(Files(again.Folder).Length <= before.Length + 2, "old checkpoints stay on disk");
    }

    [Fact]
    public async Task A_damaged_checkpoint_file_is_set_aside_and_rebuilt()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(4 * RoundLength);
        await node.StopAsync();
        string path = Path.Combine(node.Folder, node.View.State.ModelRoot + ".checkpoint");
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await using TestNode again = await node.RestartAsync();
        Assert.NotNull(again.Checkpoints.Find(again.View.State.ModelRoot));
        Assert.Contains(again.Log.Lines, line => line.Id == 1001);
        Assert.True(File.Exists(path + ".damaged"));
        bytes[bytes.Length / 2] ^= 1;
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Checkpoints_of_earlier_runs_do_not_pile_up()
    {
        TestNode node = await TestNode.StartAsync();
        var most = 0;
        for (int run = 0; run < 4; run++)
        {
            await node.MineAsync(5 * RoundLength);
            most = Math.Max(most, Files(node.Folder).Length);
            node = await node.RestartAsync();
        }

        await using TestNode last = node;

        // Genesis, those of the rounds a reorganisation reaches, and those that judging on the oldest of them looks back at: of 21 made.
        int asked = 1 + (int)last.Network.Parameters.FinalityRounds + 2 + SettlementParameters.MaxPast;
        Assert.True(most <= asked, $"{most} checkpoints on disk, {asked} are asked for");
    }

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*.checkpoint");

    private static Hash256 Keccak(string text) => Basilisk.Chain.Hashing.Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
