using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>What a node offers to those who start from a snapshot, asked and checked as a stranger would.</summary>
public sealed class SnapshotServingTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task Nothing_is_offered_before_a_settled_round_is_two_rounds_deep()
    {
        await using TestNode node = await TestNode.StartAsync();
        var peer = new ServingPeer(node);
        await node.MineAsync((3 * RoundLength) - 2);
        Verdict<SnapshotOffer> early = await peer.AskAsync<SnapshotOffer>(new GetSnapshot(1), CancellationToken.None);
        Assert.Equal(PeerTokens.NotServed, early.Refusal?.Token);

        await node.MineAsync();
        SnapshotOffer offer = (await peer.AskAsync<SnapshotOffer>(new GetSnapshot(2), CancellationToken.None)).Value;
        Assert.Equal(RoundLength - 1UL, offer.Height);
    }

    [Fact]
    public async Task The_offer_is_the_newest_settled_round_that_is_deep_enough()
    {
        await using TestNode node = await TestNode.StartAsync();
        List<Block> settled = await node.MineAsync(2 * RoundLength);
        await node.MineAsync(5 * RoundLength, contribute: false); // these rounds end empty
        Assert.Equal(settled[^2].Hash, node.Chainstate.Snapshots.Newest!.Hash); // heights 1 to 12: the round ends at 11
        Assert.Equal(settled[^2].Header.StateRoot, node.Chainstate.Snapshots.Newest.State.Root);
        Assert.NotEqual(settled[^2].Header.ModelRoot, settled[^3].Header.ModelRoot);
    }

    [Fact]
    public async Task The_offer_is_the_same_after_a_restart_and_its_checkpoints_are_held()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(9 * RoundLength);
        ChainView offered = node.Chainstate.Snapshots.Newest!;
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(offered.Hash, again.Chainstate.Snapshots.Newest!.Hash);
        Assert.All(offered.Trail.PastModels.Append(offered.State.ModelRoot), root => Assert.NotNull(again.Checkpoints.Find(root)));
    }

    [Fact]
    public async Task State_and_checkpoint_come_whole_by_chunks()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(4 * RoundLength);
        var peer = new ServingPeer(node);
        SnapshotOffer offer = (await peer.AskAsync<SnapshotOffer>(new GetSnapshot(1), CancellationToken.None)).Value;
        ChainView view = node.Chainstate.Snapshots.Find(offer.Block)!;

        var builder = new StateTreeBuilder(view.State.Root);
        foreach (KeyPrefix prefix in new[] { KeyPrefix.Whole.Left, KeyPrefix.Whole.Right.Left, KeyPrefix.Whole.Right.Right })
        {
            StateChunk chunk = (await peer.AskAsync<StateChunk>(new GetStateChunk(2, offer.Block, prefix.Key, (uint)prefix.Bits), CancellationToken.None)).Value;
            Assert.Null(builder.Add(new StateRange(prefix, [.. chunk.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToArray()))], chunk.Siblings)));
        }

        Assert.Equal((int)offer.Entries, builder.Tree.Count);
        Assert.Equal(view.State.Root, builder.Tree.Root);

        Hash256 model = view.State.ModelRoot;
        using var bytes = new MemoryStream();
        uint count = 1;
        for (uint i = 0; i < count; i++)
        {
            DataChunk chunk = (await peer.AskAsync<DataChunk>(new GetData(3, DataKind.Checkpoint, model, i), CancellationToken.None)).Value;
            count = chunk.Count;
            Assert.True(MerkleTree.Verify(model, MerkleTree.LeafHash(chunk.Bytes.Span), new MerkleProof((int)i, (int)count, chunk.Siblings)));
            bytes.Write(chunk.Bytes.Span);
        }

        Assert.True(CheckpointCodec.TryDecode(bytes.ToArray(), node.Network.Parameters.Model.Shape.ParameterCount, out Checkpoint? whole, out _));
        Assert.Equal(model, whole.Root);
    }

    [Fact]
    public async Task What_is_not_held_is_not_served()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(4 * RoundLength);
        var peer = new ServingPeer(node);
        Hash256 unknown = MerkleTree.LeafHash([1]);
        Hash256 model = node.View.State.ModelRoot;
        PeerRequest[] requests =
        [
            new GetStateChunk(1, node.View.Hash, Hash256.Zero, 0), // a block, but not an offered one
            new GetStateChunk(2, unknown, Hash256.Zero, 0),
            new GetData(3, DataKind.Checkpoint, unknown, 0),
            new GetData(4, DataKind.Checkpoint, model, 1_000_000),
            new GetData(5, DataKind.Corpus, model, 0),
        ];
        foreach (PeerRequest request in requests)
        {
            Assert.Equal(PeerTokens.NotServed, (await peer.AskAsync<PeerAnswer>(request, CancellationToken.None)).Value is NotServed none ? none.Token : null);
        }
    }

    [Fact]
    public async Task A_reorganisation_takes_back_what_was_offered()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> shared = await theirs.MineAsync(RoundLength + 2);
        await ours.SubmitAsync(shared);
        await ours.MineAsync(2 * RoundLength, "ours");
        await ours.MineAsync(RoundLength * 3 / 2, "ours", contribute: false); // so that finality allows the switch
        ChainView offered = ours.Chainstate.Snapshots.Newest!;
        Assert.True(offered.State.Height > (ulong)shared.Count);
        List<Block> longer = await theirs.MineAsync((RoundLength * 7 / 2) + 1, "theirs", contribute: false);

        Assert.Null((await ours.SubmitAsync(longer)).Refusal);
        Assert.Equal(theirs.View.Hash, ours.View.Hash);
        Assert.Null(ours.Chainstate.Snapshots.Find(offered.Hash));
        Assert.Equal(RoundLength - 1UL, ours.Chainstate.Snapshots.Newest!.State.Height);
    }
}
