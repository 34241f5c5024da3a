using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Flows;

public sealed class BlockRelayTests
{
    [Fact]
    public async Task A_block_whose_parts_wait_here_is_built_without_asking()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        await using ScriptedPeer other = await node.MeetAsync();
        Block block = await RevealingAsync(node);
        await peer.SendAsync(block.Announced());

        NewBlock onward = await other.UntilAsync<NewBlock>(announced => announced.Header.Hash == block.Hash);
        Assert.Equal(block.PayloadHashes, onward.Payloads);
        Assert.Equal(block.Hash, node.Tip);
        Assert.Equal(1, node.Meter.BlocksFromMempool);
        Assert.True(node.Meter.RelayBytes < node.Meter.RelayedBlockBytes / 4, $"{node.Meter.RelayBytes} bytes for a block of {node.Meter.RelayedBlockBytes}.");
    }

    [Fact]
    public async Task Missing_parts_are_asked_of_who_announced_the_block()
    {
        await using PeeredNode miner = await PeeredNode.StartAsync(key: 2, syncs: false);
        Block block = await RevealingAsync(miner);
        await using PeeredNode node = await BelowAsync(miner);
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.SendAsync(block.Announced());
        GetBlockParts question = await peer.UntilAsync<GetBlockParts>();
        Assert.Equal(block.Hash, question.Block);
        Assert.Equal(block.Transactions.Length, question.Transactions.Length);
        Assert.Equal([0U], question.Payloads);

        await peer.SendAsync(new BlockParts(question.RequestId, block.Transactions, block.Payloads));
        await node.AtAsync(block.Hash);
    }

    [Fact]
    public async Task The_whole_block_is_asked_for_where_parts_are_not_given()
    {
        await using PeeredNode miner = await PeeredNode.StartAsync(key: 2, syncs: false);
        Block block = await RevealingAsync(miner);
        await using PeeredNode node = await BelowAsync(miner);
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.SendAsync(block.Announced());
        GetBlockParts question = await peer.UntilAsync<GetBlockParts>();
        await peer.SendAsync(new NotServed(question.RequestId, PeerTokens.NotServed));
        GetBlocks whole = await peer.UntilAsync<GetBlocks>();
        Assert.Equal([block.Hash], whole.Hashes);

        await peer.SendAsync(new Node.Peers.Messages.Blocks(whole.RequestId, [block]));
        await node.AtAsync(block.Hash);
        Assert.Equal(1, node.Meter.BlocksFetchedWhole);
    }

    [Fact]
    public async Task A_payload_that_is_not_the_announced_one_bans_its_sender()
    {
        await using PeeredNode miner = await PeeredNode.StartAsync(key: 2, syncs: false);
        Block block = await RevealingAsync(miner);
        await using PeeredNode node = await BelowAsync(miner);
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.SendAsync(block.Announced());
        GetBlockParts question = await peer.UntilAsync<GetBlockParts>();
        byte[] wrong = block.Payloads[0].ToArray();
        wrong[^1] ^= 1;

        await peer.SendAsync(new BlockParts(question.RequestId, block.Transactions, [wrong]));
        Assert.Equal(Tokens.PayloadHashMismatch, await node.BanOfAsync(peer.Id));
        Assert.Equal(Tokens.PayloadHashMismatch, node.Policy.Bans.Current[0].Reason);
    }

    [Fact]
    public async Task An_announcement_that_its_header_does_not_commit_to_bans_its_sender()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        Block block = await node.Node.BuildAsync(node.Node.View);
        await peer.SendAsync(block.Announced() with { Payloads = [block.Hash] });
        Assert.Equal(Tokens.SidecarRootMismatch, await node.BanOfAsync(peer.Id));
    }

    [Fact]
    public async Task An_announced_header_without_its_work_bans_its_sender()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        Block block = await node.Node.BuildAsync(node.Node.View);
        await peer.SendAsync(block.WithHeader(block.Header.Unworked()).Announced());
        Assert.Equal(Tokens.WorkInsufficient, await node.BanOfAsync(peer.Id));
    }

    [Fact]
    public async Task A_block_that_breaks_a_rule_bans_its_sender_and_is_not_passed_on()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        await using ScriptedPeer other = await node.MeetAsync();
        Block good = await node.Node.BuildAsync(node.Node.View);
        Block bad = TestNode.Finish(good.WithHeader(good.Header with { StateRoot = good.Hash }));
        await peer.SendAsync(bad.Announced());
        Assert.Equal(Tokens.StateRootMismatch, await node.BanOfAsync(peer.Id));

        await node.Node.SubmitAsync([good]);
        Assert.Equal(good.Hash, (await other.UntilAsync<NewBlock>()).Header.Hash);
    }

    [Fact]
    public async Task A_block_on_an_unknown_parent_asks_for_headers_first()
    {
        await using PeeredNode miner = await PeeredNode.StartAsync(key: 2, syncs: false);
        List<Block> blocks = await miner.Node.MineAsync(4, contribute: false);
        await using PeeredNode node = await PeeredNode.StartAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.SendAsync(blocks[^1].Announced());
        GetHeaders question = await peer.UntilAsync<GetHeaders>();
        await peer.SendAsync(new Headers(question.RequestId, blocks.HeadersOf()));
        GetBlocks wanted = await peer.UntilAsync<GetBlocks>();
        Assert.Equal(blocks.Select(block => block.Hash), wanted.Hashes);

        await peer.SendAsync(new Node.Peers.Messages.Blocks(wanted.RequestId, [.. blocks]));
        await node.AtAsync(blocks[^1].Hash);
    }

    [Fact]
    public async Task A_tip_is_announced_once_and_not_to_who_announced_it()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        await using ScriptedPeer other = await node.MeetAsync();
        Block block = await node.Node.BuildAsync(node.Node.View);
        await peer.SendAsync(block.Announced());
        Assert.Equal(block.Hash, (await other.UntilAsync<NewBlock>()).Header.Hash);
        Block next = await node.Node.MineAsync(contribute: false);

        Assert.Equal(next.Hash, (await peer.UntilAsync<NewBlock>()).Header.Hash);
        Assert.Equal(next.Hash, (await other.UntilAsync<NewBlock>()).Header.Hash);
        Assert.Equal(3, node.Meter.BlocksAnnounced);
    }

    /// <summary>A block with a reveal, found on the node's tip but not handed in; its transactions wait in the mempool.</summary>
    private static async Task<Block> RevealingAsync(PeeredNode node)
    {
        while (node.Node.View.Phase != RoundPhase.Reveal)
        {
            await node.Node.MineAsync();
        }

        node.Node.Book.Close(node.Node.View);
        node.Node.Book.SendMissing(node.Node.View);
        Block block = await node.Node.BuildAsync(node.Node.View);
        Assert.Single(block.Payloads);
        return block;
    }

    /// <summary>Another node on the same tip, with nothing in its mempool.</summary>
    private static async Task<PeeredNode> BelowAsync(PeeredNode miner)
    {
        PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        for (ulong height = 1; height <= miner.Node.View.State.Height; height++)
        {
            BlockHeader header = miner.Chain.HeadersAfter([node.Tip], default, 1)[0];
            ReadOnlyMemory<byte>? bytes = await miner.Chain.ReadBlockAsync(header.Hash, CancellationToken.None);
            await node.Node.SubmitAsync([BlockCodec.Decode(bytes!.Value.Span, node.Chain.Parameters.Caps).Value]);
        }

        Assert.Equal(miner.Tip, node.Tip);
        Assert.Equal(0, node.Node.Pool.Count);
        return node;
    }
}
