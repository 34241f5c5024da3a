using System.Globalization;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Contracts.Chain;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Projections;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store;
using Basilisk.Store.Memory;
using Basilisk.Store.Projections;
using Xunit;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>Entering a chain by the state after a settled round: what honest peers give is installed and goes on exactly, what liars give is not.</summary>
public sealed class FastSyncTests
{
    private const int RoundLength = 6;
    private const int Long = (SettlementParameters.MaxPast + 4) * RoundLength;

    [Fact]
    public async Task A_node_that_starts_from_a_snapshot_judges_and_settles_as_the_others_do()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(Long);
        ChainView offered = source.Chainstate.Snapshots.Newest!;
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.Installed, await SyncAsync(target, Peer(source, blocks)));

        await using TestNode joined = await TestNode.StartAsync(target.Store);
        Assert.Equal(offered.Hash, joined.View.Hash);
        Assert.Equal(offered.State.Root, joined.View.State.Root);
        Assert.Equal(offered.State.Head.TotalWork, joined.View.State.Head.TotalWork);
        Assert.Equal(offered.State.Head.RecentTimes, joined.View.State.Head.RecentTimes);
        Assert.Equal(offered.State.Head.Clock, joined.View.State.Head.Clock);
        Assert.Equal(offered.Trail.PastModels, joined.View.Trail.PastModels);
        Assert.Equal(offered.Trail.PastPayloads, joined.View.Trail.PastPayloads);
        Assert.Equal(offered.Totals.Gain, joined.View.Totals.Gain);
        Assert.Equal(offered.Totals.Credit, joined.View.Totals.Credit);
        Assert.Equal(offered.Totals.Settled, joined.View.Totals.Settled);

        // Every round on top is judged here, from the snapshot's checkpoints and payloads.
        BlockSubmission last = await joined.SubmitAsync(blocks.Skip((int)offered.Height));
        Assert.Null(last.Refusal);
        Assert.Equal(source.View.Hash, joined.View.Hash);
        Assert.Equal(source.View.State.Root, joined.View.State.Root);
        Assert.Equal(source.View.State.ModelRoot, joined.View.State.ModelRoot);
        await joined.SubmitAsync(await source.MineAsync(2 * RoundLength));
        Assert.Equal(source.View.Hash, joined.View.Hash);
        await AssertVerifiedAsync(joined, offered.Height);

        await using TestNode again = await joined.RestartAsync();
        Assert.Equal(source.View.Hash, again.View.Hash);
        await again.MineAsync(RoundLength);
    }

    /// <summary>Judging looks back at the payloads of a round that moved nothing: whoever starts from a snapshot has to have them.</summary>
    [Fact]
    public async Task Payloads_of_an_empty_round_below_the_snapshot_come_with_it()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync((2 * RoundLength) - 1);
        source.Twist = Backwards;
        List<Block> empty = await source.MineAsync(RoundLength);
        source.Twist = null;
        blocks.AddRange(empty);
        Hash256 wasted = Assert.Single(empty.SelectMany(block => block.PayloadHashes));
        ChainView? offered = null;
        for (int round = 0; round < 7 && offered?.Trail.Ended.Skip(1).Any(ended => ended.Payloads.Contains(wasted)) != true; round++)
        {
            blocks.AddRange(await source.MineAsync(RoundLength));
            offered = source.Chainstate.Snapshots.Newest;
        }

        Assert.Contains(wasted, offered!.Trail.Ended.Skip(1).SelectMany(ended => ended.Payloads));

        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.Installed, await SyncAsync(target, Peer(source, blocks)));
        await using TestNode joined = await TestNode.StartAsync(target.Store);
        Assert.Equal(offered.Trail.Ended.Select(round => string.Join(' ', round.Payloads)), joined.View.Trail.Ended.Select(round => string.Join(' ', round.Payloads)));
        Assert.Null((await joined.SubmitAsync(blocks.Skip((int)offered.Height))).Refusal);
        Assert.Equal(source.View.State.ModelRoot, joined.View.State.ModelRoot);
        await AssertVerifiedAsync(joined, offered.Height);
    }

    /// <summary>A contribution that makes the model worse: its round ends empty.</summary>
    internal static SparseDelta Backwards(SparseDelta progress) =>
        new(progress.Dimension, progress.Indices.ToArray(), [.. progress.Values.ToArray().Select(value => -value)]);

    [Fact]
    public async Task A_restart_right_after_the_snapshot_was_installed_goes_on_from_it_without_any_file()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        await SyncAsync(target, Peer(source, blocks));
        await using (TestNode first = await TestNode.StartAsync(target.Store))
        {
            Assert.Equal(source.Chainstate.Snapshots.Newest!.Hash, first.View.Hash);
        }

        // A new folder: checkpoints come out of the store.
        await using TestNode second = await TestNode.StartAsync(target.Store);
        Assert.Null((await second.SubmitAsync(blocks.Skip((int)second.View.Height))).Refusal);
        Assert.Equal(source.View.State.ModelRoot, second.View.State.ModelRoot);
    }

    [Fact]
    public async Task Several_peers_share_the_work_and_one_that_lies_is_reported_and_left()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(6 * RoundLength);
        ServingPeer honest = Peer(source, blocks);
        ServingPeer liar = Peer(source, blocks, "liar");
        liar.Change = (_, answer) => answer switch
        {
            StateChunk chunk => chunk with { Entries = [.. chunk.Entries.Skip(1)] },
            DataChunk chunk => chunk with { Bytes = chunk.Bytes.ToArray().Select(value => (byte)(value ^ 1)).ToArray() },
            _ => answer,
        };
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.Installed, await SyncAsync(target, liar, honest));
        Assert.NotEmpty(liar.Offences);
        Assert.All(liar.Offences, offence => Assert.Equal(Offence.InvalidChunk, offence.Offence));
        Assert.Contains(liar.Offences, offence => offence.Token is Tokens.StateChunkMismatch or PeerTokens.ProofMismatch);
        Assert.Empty(honest.Offences);
    }

    [Theory]
    [InlineData(MessageKind.StateChunk, Tokens.StateChunkMismatch, Offence.InvalidChunk)]
    [InlineData(MessageKind.DataChunk, PeerTokens.ProofMismatch, Offence.InvalidChunk)]
    [InlineData(MessageKind.Blocks, Tokens.SidecarRootMismatch, Offence.InvalidBlock)]
    [InlineData(MessageKind.SnapshotOffer, SnapshotTokens.RoundNotSettled, Offence.InvalidChunk)]
    public async Task Nothing_is_installed_from_a_peer_that_lies_about_any_part(MessageKind kind, string token, Offence offence)
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(6 * RoundLength);
        ServingPeer liar = Peer(source, blocks);
        liar.Change = (_, answer) => answer.Kind == kind ? Lie(answer, blocks) : answer;
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.NotServed, await SyncAsync(target, liar));
        Assert.Equal((offence, token), Assert.Single(liar.Offences));
        Assert.True(target.IsEmpty);
        await using TestNode node = await TestNode.StartAsync(target.Store);
        Assert.Equal(0, node.View.Height);
    }

    [Fact]
    public async Task An_offer_that_is_not_on_the_best_header_chain_or_not_deep_enough_there_is_passed_over_without_blame()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(6 * RoundLength);
        await using TestNode other = await TestNode.StartAsync(key: 2);
        List<Block> others = await other.MineAsync(6 * RoundLength, "other");
        ServingPeer peer = Peer(source, blocks);
        var elsewhere = new SnapshotTarget(others.Select(block => block.Header));
        Assert.Equal(FastSyncResult.NotServed, await SyncAsync(elsewhere, peer));
        ulong offered = source.Chainstate.Snapshots.Newest!.State.Height;
        var behind = new SnapshotTarget(blocks.Take((int)offered + (2 * RoundLength) - 1).Select(block => block.Header));
        Assert.Equal(FastSyncResult.NotServed, await SyncAsync(behind, peer));
        Assert.Empty(peer.Offences);
    }

    [Fact]
    public async Task A_peer_that_stops_serving_half_way_is_left_for_another()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(6 * RoundLength);
        ServingPeer leaving = Peer(source, blocks, "leaving");
        leaving.Change = (_, answer) => answer is SnapshotOffer ? answer : new NotServed(answer.RequestId, PeerTokens.NotServed);
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.NotServed, await SyncAsync(target, leaving));
        Assert.Equal(FastSyncResult.Installed, await SyncAsync(target, leaving, Peer(source, blocks)));
        Assert.Empty(leaving.Offences);
    }

    [Fact]
    public async Task A_peer_that_halves_prefixes_without_end_is_found_out()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(6 * RoundLength);
        ServingPeer endless = Peer(source, blocks);
        endless.Change = (_, answer) => answer is StateChunk ? new StateChunk(answer.RequestId, TooMany: true, [], []) : answer;
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        Assert.Equal(FastSyncResult.NotServed, await SyncAsync(target, endless));
        Assert.Equal((Offence.InvalidChunk, SnapshotTokens.StateTooLarge), Assert.Single(endless.Offences));
    }

    [Fact]
    public async Task A_chain_that_is_short_or_has_blocks_is_synchronised_as_usual()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(6 * RoundLength);
        ServingPeer peer = Peer(source, blocks);
        Assert.Equal(FastSyncResult.NotNeeded, await SyncAsync(new SnapshotTarget(blocks.Take((3 * RoundLength) - 1).Select(block => block.Header)), peer));
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        await SyncAsync(target, peer);
        peer.Asked.Clear();
        Assert.Equal(FastSyncResult.NotNeeded, await SyncAsync(target, peer));
        Assert.Empty(peer.Asked);
    }

    [Fact]
    public async Task A_running_node_takes_headers_enters_by_a_snapshot_and_goes_on_with_blocks()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(Long);
        ChainView offered = source.Chainstate.Snapshots.Newest!;
        await using TestNode node = await TestNode.StartAsync();
        var moved = new List<ChainChange>();
        using IDisposable subscription = node.Chainstate.Subscribe(moved.Add);
        HeaderBatch batch = await node.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);
        Assert.Null(batch.Refusal);

        var chain = new SnapshotChain(node.Chainstate);
        var sync = new FastSync(chain, node.Rules, () => [Peer(source, blocks)], node.Checkpoints, node.Log.For<FastSync>());
        Assert.Equal(FastSyncResult.Installed, await sync.RunAsync(CancellationToken.None));
        Assert.Equal(offered.Hash, node.View.Hash);
        Assert.Equal((ulong)offered.Height, node.Chainstate.HeldFrom);
        Assert.Equal(offered.Hash, Assert.Single(moved).View.Hash);
        Assert.Equal((ulong)offered.Height + 1, node.Chain.Wanted(1)[0].Height);
        Assert.Null(await node.Chain.ReadBlockAsync(blocks[2].Hash, CancellationToken.None));
        Assert.Equal(FastSyncResult.NotNeeded, await sync.RunAsync(CancellationToken.None));

        Assert.Null((await node.SubmitAsync(blocks.Skip((int)offered.Height))).Refusal);
        Assert.Equal(source.View.State.ModelRoot, node.View.State.ModelRoot);
        await AssertVerifiedAsync(node, offered.Height);
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(source.View.Hash, again.View.Hash);
        Assert.Equal((ulong)offered.Height, again.Chainstate.HeldFrom);
        await again.MineAsync(RoundLength);
    }

    [Fact]
    public async Task A_node_that_has_a_block_by_now_takes_no_snapshot()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        await using TestNode node = await TestNode.StartAsync();
        await node.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);
        ServingPeer peer = Peer(source, blocks);
        Task<BlockSubmission>? meanwhile = null;
        peer.Change = (_, answer) =>
        {
            meanwhile ??= node.Chainstate.SubmitAsync(blocks[0], CancellationToken.None);
            meanwhile.Wait(TimeSpan.FromSeconds(30));
            return answer;
        };
        var sync = new FastSync(new SnapshotChain(node.Chainstate), node.Rules, () => [peer], node.Checkpoints, node.Log.For<FastSync>());
        Assert.Equal(FastSyncResult.NotServed, await sync.RunAsync(CancellationToken.None));
        Assert.Equal(blocks[0].Hash, node.View.Hash);
        Assert.Equal(0UL, node.Chainstate.HeldFrom);
    }

    [Fact]
    public async Task A_store_that_breaks_before_the_append_leaves_an_empty_chain_and_the_next_attempt_installs()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        var store = new BreakingStore(new MemoryStore());
        var target = new SnapshotTarget(blocks.Select(block => block.Header), store);
        await target.OpenAsync();
        store.BreakNextAppend(written: false);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => SyncAsync(target, Peer(source, blocks)));
        await using (TestNode empty = await TestNode.StartAsync(store))
        {
            Assert.Equal(0, empty.View.Height);
        }

        Assert.Equal(FastSyncResult.Installed, await SyncAsync(target, Peer(source, blocks)));
        await using TestNode node = await TestNode.StartAsync(store);
        Assert.Equal(source.Chainstate.Snapshots.Newest!.Hash, node.View.Hash);
    }

    [Fact]
    public async Task A_store_that_breaks_after_the_append_has_installed_the_snapshot()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        var store = new BreakingStore(new MemoryStore());
        var target = new SnapshotTarget(blocks.Select(block => block.Header), store);
        await target.OpenAsync();
        store.BreakNextAppend(written: true);
        Assert.Equal(FastSyncResult.Installed, await SyncAsync(target, Peer(source, blocks)));
        await using TestNode node = await TestNode.StartAsync(store);
        Assert.Equal(source.Chainstate.Snapshots.Newest!.Hash, node.View.Hash);
    }

    [Fact]
    public async Task Pages_of_what_came_before_the_snapshot_say_that_it_is_not_held_and_accounts_are_answered_from_the_state()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        await SyncAsync(target, Peer(source, blocks));
        await using TestNode joined = await TestNode.StartAsync(target.Store);
        long start = joined.View.Height;
        await joined.SubmitAsync(blocks.Skip((int)start));
        await new ProjectionRunner(joined.Store, ProjectionSet.All()).CatchUpAsync(CancellationToken.None);
        var explorer = new ExplorerQueries(joined.Store.Documents, new FactsOfNode(joined));

        Assert.Null(await explorer.BlockAsync("3", CancellationToken.None));
        string missing = await explorer.MissingAsync("No block 3 is known.", CancellationToken.None);
        Assert.Contains($"started from a snapshot at height {start}", missing, StringComparison.Ordinal);
        Assert.Equal(blocks[(int)start].Hash.ToString(), (await explorer.BlockAsync((start + 1).ToString(CultureInfo.InvariantCulture), CancellationToken.None))!.Summary.Hash);
        Assert.Null(await explorer.RoundAsync(0, CancellationToken.None));
        AddressView miner = await explorer.AddressAsync(source.Key.Address.ToString(), CancellationToken.None);
        Assert.Equal(joined.View.State.Account(source.Key.Address).Balance.ToString(), miner.BalanceWei);
        Assert.Equal(
            "No block 999 is known.",
            await new ExplorerQueries(source.Store.Documents, new FactsOfNode(source)).MissingAsync("No block 999 is known.", CancellationToken.None));
    }

    [Fact]
    public async Task A_snapshot_whose_blobs_were_changed_is_not_started_from()
    {
        await using TestNode source = await TestNode.StartAsync();
        List<Block> blocks = await source.MineAsync(5 * RoundLength);
        var target = new SnapshotTarget(blocks.Select(block => block.Header));
        await SyncAsync(target, Peer(source, blocks));
        Hash256 model = source.Chainstate.Snapshots.Newest!.State.ModelRoot;
        await target.Store.Events.DeleteBlobAsync(new(model.ToArray()));

        VerificationResult verified = await VerifyAsync(target.Store);
        Assert.Contains(SnapshotTokens.CheckpointMissing, verified.Difference!, StringComparison.Ordinal);
    }

    private sealed class FactsOfNode(TestNode node) : IChainFacts
    {
        public long Height => node.View.Height;

        public int Round => (int)node.View.Round;

        public double TotalCreditNats => node.Facts.NatsOnConfirmation(node.View.Totals.Credit);

        public string PhaseOf(long height) => ChainFacts.PhaseName(node.Network.Parameters.Rounds.PhaseOf((ulong)height));

        public long FirstHeightOf(int round) => (long)node.Network.Parameters.Rounds.FirstHeightOf((ulong)round);

        public long LastHeightOf(int round) => (long)node.Network.Parameters.Rounds.LastHeightOf((ulong)round);

        public int OpenUnits(string address) => 0;

        public AccountFact Account(string address) => node.Facts.Account(Address.Parse(address), node.View.State);

        public string RewardOf(long blocks) => (node.Network.Parameters.Rewards.Reward * (ulong)blocks).ToString();
    }

    /// <summary>Something else than the truth, of the same form.</summary>
    private static PeerAnswer Lie(PeerAnswer answer, List<Block> blocks) => answer switch
    {
        SnapshotOffer offer => offer with { Block = blocks[(int)offer.Height - 2].Hash, Height = offer.Height - 1 },
        StateChunk chunk => chunk with { Entries = chunk.Entries.SetItem(0, KeyValuePair.Create(chunk.Entries[0].Key, new ReadOnlyMemory<byte>([1, 2, 3]))) },
        DataChunk chunk => chunk with { Bytes = new byte[chunk.Bytes.Length] },
        Blocks found => new Blocks(found.RequestId, [new Block(found.Whole[0].Header, found.Whole[0].Transactions, [.. found.Whole[0].Payloads.Select(_ => new ReadOnlyMemory<byte>([7]))])]),
        _ => answer,
    };

    internal static ServingPeer Peer(TestNode node, IEnumerable<Block> blocks, string name = "peer") =>
        new(node, name) { Blocks = blocks.ToDictionary(block => block.Hash) };

    internal static async Task<FastSyncResult> SyncAsync(SnapshotTarget target, params IPeer[] peers)
    {
        using var folder = new TemporaryFolder();
        using var log = new CapturedLog();
        var checkpoints = new Checkpoints.CheckpointStore(folder.Path, target.Parameters.Model.Shape.ParameterCount, log.For<FastSync>());
        checkpoints.Put(TestNetwork.Instance.Artefacts.Checkpoint);
        var sync = new FastSync(target, target.Rules, () => peers, checkpoints, log.For<FastSync>());
        return await sync.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static async Task AssertVerifiedAsync(TestNode node, long from)
    {
        VerificationResult verified = await VerifyAsync(node.Store);
        Assert.Null(verified.Difference);
        Assert.Equal(from, verified.From);
        Assert.Equal(node.View.Height, verified.Height);
        Assert.Equal(node.View.State.Root.ToString(), verified.StateRoot);
        Assert.Equal(node.View.State.ModelRoot.ToString(), verified.ModelRoot);
        Assert.Null(await ProjectionAudit.RunAsync(node.Store, CancellationToken.None));
    }

    private static Task<VerificationResult> VerifyAsync(IStore store) =>
        new ChainVerifier(TestNetwork.Instance, store.Events, new IntegerLossEvaluator(2)).RunAsync(null, CancellationToken.None);
}
