using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store;
using Basilisk.Store.Cluster;
using Basilisk.Store.Events;
using Xunit;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>A node that keeps no archive deletes what nothing asks for, and starts, serves, reorganises and verifies without it.</summary>
public sealed class PruningTests
{
    private const int RoundLength = 6;
    private const int Long = (SettlementParameters.MaxPast + 6) * RoundLength;

    [Fact]
    public async Task Old_payloads_go_and_those_that_are_needed_stay()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        List<Block> blocks = await MineAsync(node, Long);
        ulong from = node.Pruning.HeldFrom;
        Assert.True(from >= RoundLength, $"nothing was pruned below {from}");
        Assert.True(from + Retention.Reach(node.Network.Parameters) <= node.View.State.Height);
        Assert.All(node.Chainstate.Snapshots.Views, offered => Assert.True(offered.State.Height > from));

        HashSet<Hash256> kept = [.. blocks.Where(block => block.Height > from - RoundLength).SelectMany(block => block.PayloadHashes)];
        kept.UnionWith(await RememberedAsync(node.Store));
        Hash256[] old = [.. blocks.Where(block => block.Height <= from - RoundLength).SelectMany(block => block.PayloadHashes).Except(kept)];
        Assert.NotEmpty(old);
        Assert.NotEmpty(kept);
        Assert.All(old, hash => Assert.False(HasAsync(node.Store, hash).Result));
        Assert.All(kept, hash => Assert.True(HasAsync(node.Store, hash).Result));
    }

    [Fact]
    public async Task An_archive_keeps_every_payload()
    {
        await using TestNode node = await TestNode.StartAsync();
        List<Block> blocks = await MineAsync(node, Long);
        Assert.Equal(0UL, node.Pruning.HeldFrom);
        Assert.All(blocks.SelectMany(block => block.PayloadHashes), hash => Assert.True(HasAsync(node.Store, hash).Result));
    }

    [Fact]
    public async Task A_pruned_node_starts_from_its_files_or_from_its_store_alone_and_goes_on()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        await MineAsync(node, Long);
        ulong from = node.Pruning.HeldFrom;

        await using TestNode again = await node.RestartAsync();
        Assert.Equal(node.View.Hash, again.View.Hash);
        Assert.Equal(from, again.Pruning.HeldFrom);
        await again.StopAsync();
        Directory.Delete(again.Folder, recursive: true);

        await using TestNode bare = await TestNode.StartAsync(again.Store, again.Folder, archive: false);
        Assert.Equal(node.View.Hash, bare.View.Hash);
        Assert.Equal(node.View.State.Root, bare.View.State.Root);
        Assert.Equal(node.View.Totals, bare.View.Totals);

        // A round whose gain is not significant ends empty and does not count for depth: how many it takes is chance.
        for (int more = 0; more < 40 && bare.Pruning.HeldFrom <= from; more++)
        {
            await MineAsync(bare, RoundLength);
        }

        Assert.True(bare.Pruning.HeldFrom > from);
    }

    [Fact]
    public async Task Rounds_that_ended_empty_do_not_keep_a_pruned_node_from_starting()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        for (int round = 0; round < 24; round++)
        {
            await MineAsync(node, RoundLength, contribute: round % 3 != 1);
        }

        Assert.True(node.Pruning.HeldFrom > 0);
        await node.StopAsync();
        Directory.Delete(node.Folder, recursive: true);
        await using TestNode again = await TestNode.StartAsync(node.Store, node.Folder, archive: false);
        Assert.Equal(node.View.Hash, again.View.Hash);
        Assert.Null((await VerifyAsync(node.Store)).Difference);
    }

    /// <summary>Deleted with its round, judging on the base would stop; kept for good, the store would only grow.</summary>
    [Fact]
    public async Task Payloads_of_an_empty_round_stay_while_judging_looks_back_at_them_and_then_go()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        var wasted = new List<(ulong Height, Hash256 Hash)>();
        var seenBelow = new HashSet<Hash256>();
        await MineAsync(node, RoundLength - 1);
        for (int round = 0; round < 32; round++)
        {
            node.Twist = round % 4 == 1 ? FastSyncTests.Backwards : null;
            List<Block> blocks = await MineAsync(node, RoundLength - 1);
            wasted.AddRange(round % 4 == 1 ? blocks.SelectMany(block => block.PayloadHashes.Select(hash => ((ulong)block.Height, hash))) : []);

            // Past the round's end: pruning, if it began there, is over once the block after it is taken.
            await MineAsync(node, 1);
            await node.Pruning.Working;
            if (node.Pruning.HeldFrom == 0)
            {
                continue;
            }

            HashSet<Hash256> remembered = await RememberedAsync(node.Store);
            foreach ((ulong _, Hash256 hash) in wasted.Where(each => each.Height + RoundLength <= node.Pruning.HeldFrom))
            {
                Assert.Equal(remembered.Contains(hash), await HasAsync(node.Store, hash));
                seenBelow.UnionWith(remembered.Contains(hash) ? [hash] : []);
            }
        }

        HashSet<Hash256> last = await RememberedAsync(node.Store);
        Assert.NotEmpty(seenBelow.Except(last));
        Assert.Null((await VerifyAsync(node.Store)).Difference);
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(node.View.Hash, again.View.Hash);
        await again.MineAsync(RoundLength);
    }

    [Fact]
    public async Task A_pruned_node_verifies_from_where_it_can_and_says_so()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        await MineAsync(node, Long);
        VerificationResult verified = await VerifyAsync(node.Store);
        Assert.Null(verified.Difference);
        Assert.Equal((long)node.Pruning.HeldFrom, verified.From);
        Assert.Equal(node.View.State.Root.ToString(), verified.StateRoot);
        Assert.Equal(node.View.State.ModelRoot.ToString(), verified.ModelRoot);
        Assert.Null(await ProjectionAudit.RunAsync(node.Store, CancellationToken.None));
    }

    [Fact]
    public async Task Deleting_that_was_cut_off_is_ended_by_the_next_start()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        List<Block> blocks = await MineAsync(node, Long);
        ulong from = node.Pruning.HeldFrom;
        HashSet<Hash256> remembered = await RememberedAsync(node.Store);
        Block last = blocks.Last(block => block.Height <= from - RoundLength && block.Payloads.Length > 0 && !remembered.Overlaps(block.PayloadHashes));
        await node.StopAsync();
        await node.Store.Events.WriteBlobsAsync([new NewBlob(new BlobKey(last.PayloadHashes[0].ToArray()), last.Payloads[0])]);
        Assert.True(await HasAsync(node.Store, last.PayloadHashes[0]));

        await using TestNode again = await node.RestartAsync();
        Assert.False(await HasAsync(node.Store, last.PayloadHashes[0]));
    }

    [Fact]
    public async Task A_fork_that_finality_allows_is_followed_after_pruning()
    {
        await using TestNode ours = await TestNode.StartAsync(archive: false);
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await theirs.SubmitAsync(await MineAsync(ours, Long + 3));
        Assert.True(ours.Pruning.HeldFrom > 0);
        await ours.MineAsync(2 * RoundLength, "ours");
        List<Block> longer = await theirs.MineAsync((2 * RoundLength) + 1, "theirs");
        await using TestNode again = await ours.RestartAsync();
        Assert.Null((await again.SubmitAsync(longer)).Refusal);
        Assert.Equal(theirs.View.Hash, again.View.Hash);
    }

    [Fact]
    public async Task A_pruned_node_still_serves_a_whole_snapshot()
    {
        await using TestNode node = await TestNode.StartAsync(archive: false);
        List<Block> blocks = await MineAsync(node, Long);
        ChainView offered = node.Chainstate.Snapshots.Newest!;
        await node.Payloads.LoadAsync(offered.Trail.PastPayloads, CancellationToken.None);
        Assert.NotEmpty(offered.Trail.PastPayloads);
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.Installed, await FastSyncTests.SyncAsync(target, FastSyncTests.Peer(node, blocks)));
    }

    [Fact]
    public async Task A_node_that_started_from_a_snapshot_prunes_too()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        await FastSyncTests.SyncAsync(target, FastSyncTests.Peer(source, blocks));
        await using TestNode joined = await TestNode.StartAsync(target.Store, archive: false);
        long start = joined.View.Height;
        await joined.SubmitAsync(blocks.Skip((int)start));

        // A round whose gain is not significant settles empty and does not count for depth: how many blocks it takes is chance.
        for (int more = 0; more < 4 && joined.Pruning.HeldFrom <= (ulong)start; more++)
        {
            await MineAsync(joined, Long);
        }

        Assert.True(joined.Pruning.HeldFrom > (ulong)start);
        await joined.StopAsync();
        Directory.Delete(joined.Folder, recursive: true);

        await using TestNode again = await TestNode.StartAsync(target.Store, joined.Folder, archive: false);
        Assert.Equal(joined.View.Hash, again.View.Hash);
        Assert.Null((await VerifyAsync(target.Store)).Difference);
    }

    [Fact]
    public async Task On_PostgreSQL_old_payloads_go_and_the_node_starts_and_verifies_without_them()
    {
        using var folder = new TemporaryFolder();
        StoreHost store;
        try
        {
            store = await StoreHost.OpenAsync(new StoreHostOptions { Cluster = new ClusterOptions(folder.Sub("postgres")) { SharedBuffersMegabytes = 32 } }, null, TimeProvider.System, CancellationToken.None);
        }
        catch (PostgresNotFoundException missing)
        {
            Assert.Skip(missing.Message);
            return;
        }

        await using (store)
        {
            await using TestNode node = await TestNode.StartAsync(store, archive: false);
            await MineAsync(node, Long);
            Assert.True(node.Pruning.HeldFrom > 0);
            await node.StopAsync();
            Directory.Delete(node.Folder, recursive: true);

            await using TestNode again = await TestNode.StartAsync(store, node.Folder, archive: false);
            Assert.Equal(node.View.Hash, again.View.Hash);
            VerificationResult verified = await VerifyAsync(store);
            Assert.Null(verified.Difference);
            Assert.Equal((long)node.Pruning.HeldFrom, verified.From);
        }
    }

    /// <summary>Round by round, so that what is written beside the chain keeps up.</summary>
    private static async Task<List<Block>> MineAsync(TestNode node, int count, bool contribute = true)
    {
        var blocks = new List<Block>();
        while (blocks.Count < count)
        {
            blocks.Add(await node.MineAsync(contribute: contribute));
            await node.Startup.Writing;
            await node.Pruning.Working;
        }

        return blocks;
    }

    /// <summary>What judging on the base looks back at: its round's payloads, and those of rounds before that ended empty.</summary>
    private static async Task<HashSet<Hash256>> RememberedAsync(IStore store) =>
        [.. (await PayloadPruning.ReadAsync(store.Events, CancellationToken.None))!.Payloads.Select(Hash256.Parse)];

    private static Task<bool> HasAsync(IStore store, Hash256 hash) => store.Events.HasBlobAsync(new BlobKey(hash.ToArray()));

    private static Task<VerificationResult> VerifyAsync(IStore store) =>
        new ChainVerifier(TestNetwork.Instance, store.Events, new IntegerLossEvaluator(2)).RunAsync(null, CancellationToken.None);
}
