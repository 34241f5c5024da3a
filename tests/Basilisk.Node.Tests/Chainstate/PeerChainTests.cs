using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Tests.Support;
using Basilisk.Store.Memory;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>The chain as conversations with peers see it: headers before bodies, bodies in any order, blocks given back.</summary>
public sealed class PeerChainTests
{
    [Fact]
    public async Task Headers_come_first_and_say_which_bodies_are_wanted()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> blocks = await theirs.MineAsync(9);
        HeaderBatch batch = await ours.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);

        Assert.Null(batch.Refusal);
        Assert.Equal(9, batch.New);
        Assert.Equal(blocks[^1].Hash, batch.Last!.Value.Hash);
        Assert.Equal(blocks[^1].Hash, ours.Chain.BestHeader.Hash);
        Assert.Equal(0, ours.View.Height);
        Assert.Equal(blocks.Take(4).Select(block => new WantedBlock(block.Hash, block.Height)), ours.Chain.Wanted(4));
        Assert.True(ours.Chain.HasHeader(blocks[5].Hash));
        Assert.False(ours.Chain.HasBody(blocks[5].Hash));
        Assert.Equal(0, (await ours.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None)).New);

        await ours.SubmitAsync(blocks);
        Assert.Empty(ours.Chain.Wanted(4));
        Assert.Equal(theirs.View.State.Root, ours.View.State.Root);
    }

    [Fact]
    public async Task A_batch_is_taken_up_to_the_first_header_that_breaks_a_rule()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> blocks = await theirs.MineAsync(4);
        BlockHeader[] headers = [.. blocks.Select(block => block.Header)];
        headers[2] = TestNode.Finish(blocks[2].WithHeader(headers[2] with { Version = 9 })).Header;
        HeaderBatch batch = await ours.Chain.AddHeadersAsync(headers, CancellationToken.None);
        Assert.Equal(2, batch.New);
        Assert.Equal(Tokens.VersionMismatch, batch.Refusal!.Token);
        Assert.Equal(2UL, batch.Last!.Value.Height);
        Assert.Equal(Tokens.HeaderOrphan, (await ours.Chain.AddHeadersAsync([headers[3]], CancellationToken.None)).Refusal!.Token);

        BlockHeader unproven = blocks[2].Header with { Nonce = blocks[2].Header.Nonce + 1 };
        while (unproven.Target.ToTarget() >= Chain.ProofOfWork.Work.AsNumber(unproven.Hash))
        {
            unproven = unproven with { Nonce = unproven.Nonce + 1 };
        }

        HeaderBatch refused = await ours.Chain.AddHeadersAsync([unproven], CancellationToken.None);
        Assert.Equal(Tokens.WorkInsufficient, refused.Refusal!.Token);
        Assert.Null(refused.Last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_may_come_in_any_order(bool headersFirst)
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> blocks = await theirs.MineAsync(14);
        await ours.Chain.AddHeadersAsync([.. (headersFirst ? blocks : blocks[..^1]).Select(block => block.Header)], CancellationToken.None);
        var verdicts = new List<Task<BlockSubmission>>();
        foreach (Block block in blocks.Skip(1).Reverse())
        {
            BlockSubmission parked = await ours.Chain.SubmitAsync(block, CancellationToken.None);
            Assert.Equal((null, false, BlockWait.Parent), (parked.Refusal, parked.IsTip, parked.Wait));
            Assert.True(ours.Chain.HasBody(block.Hash));
            Assert.Null(ours.Chain.FindRecent(block.Hash)); // Not checked yet: not to be passed on.
            Assert.Null(await ours.Chain.ReadBlockAsync(block.Hash, CancellationToken.None));
            verdicts.Add(parked.Verdict!);
        }

        Assert.Equal([blocks[0].Hash], ours.Chain.Wanted(8).Select(wanted => wanted.Hash));
        await ours.Chain.SubmitAsync(blocks[0], CancellationToken.None);
        BlockSubmission[] ended = await Task.WhenAll(verdicts).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(ended, verdict => Assert.Null(verdict.Refusal));
        Assert.True(ended[0].IsTip);
        Assert.Equal(theirs.View.Hash, ours.View.Hash);
        Assert.Equal(theirs.View.State.ModelRoot, ours.View.State.ModelRoot);
    }

    [Fact]
    public async Task A_body_that_is_not_the_headers_is_not_set_aside()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> blocks = await theirs.MineAsync(5);
        Block full = blocks.Skip(1).First(block => block.Transactions.Length > 0);
        await ours.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);
        BlockSubmission refused = await ours.Chain.SubmitAsync(new Block(full.Header, [], full.Payloads), CancellationToken.None);
        Assert.Equal(Tokens.TransactionsRootMismatch, refused.Refusal!.Token);
        Assert.False(ours.Chain.HasBody(full.Hash));
        await ours.SubmitAsync(blocks);
        Assert.Equal(theirs.View.Hash, ours.View.Hash);
    }

    [Fact]
    public async Task Blocks_that_wait_on_an_invalid_one_are_refused_with_it()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await ours.MineAsync(2);
        Block good = await ours.BuildAsync(ours.View);
        Block bad = TestNode.Finish(good.WithHeader(good.Header with { StateRoot = Hash256.Zero }));
        Block child = TestNode.Finish(good.WithHeader(good.Header with { ParentHash = bad.Hash, Height = bad.Height + 1, Time = bad.Header.Time + 1 }));
        await ours.Chain.AddHeadersAsync([bad.Header, child.Header], CancellationToken.None);
        BlockSubmission parked = await ours.Chain.SubmitAsync(child, CancellationToken.None);
        Assert.Equal(Tokens.StateRootMismatch, (await ours.Chain.SubmitAsync(bad, CancellationToken.None)).Refusal!.Token);
        Assert.Equal(Tokens.HeaderInvalidAncestor, (await parked.Verdict!).Refusal!.Token);
        Assert.Equal(ours.View.Hash, ours.Chain.BestHeader.Hash);
    }

    [Fact]
    public async Task Every_block_of_every_chain_is_given_back_byte_for_byte_from_memory_or_from_the_store()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> shared = await ours.MineAsync(28);
        await theirs.SubmitAsync(shared);
        List<Block> left = await ours.MineAsync(2, "ours");
        List<Block> taken = await theirs.MineAsync(3, "theirs");
        await ours.SubmitAsync(taken);
        Assert.Equal(theirs.View.Hash, ours.View.Hash);
        Assert.Null(ours.Chain.FindRecent(shared[0].Hash));
        Assert.Contains(shared.Take(4), block => block.Transactions.Length > 0);
        Assert.Contains(shared.Take(8), block => block.Payloads.Length > 0);

        await using TestNode again = await ours.RestartAsync();
        foreach (Block block in shared.Concat(left).Concat(taken))
        {
            ReadOnlyMemory<byte>? bytes = await again.Chain.ReadBlockAsync(block.Hash, CancellationToken.None);
            Assert.Equal(BlockCodec.Encode(block), bytes!.Value.ToArray());
        }

        Assert.Null(await again.Chain.ReadBlockAsync(Hash256.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task Headers_are_served_after_the_first_locator_hash_on_the_chain()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> blocks = await ours.MineAsync(13, contribute: false);
        await theirs.SubmitAsync(blocks[..5]);
        List<Block> beside = await theirs.MineAsync(2, "theirs", contribute: false);
        IReadOnlyList<BlockHeader> after = ours.Chain.HeadersAfter(theirs.Chain.Locator(), Hash256.Zero, 4);
        Assert.Equal(blocks.Skip(5).Take(4).Select(block => block.Hash), after.Select(header => header.Hash));
        Assert.Equal(blocks[5..8].Select(block => block.Hash), ours.Chain.HeadersAfter(theirs.Chain.Locator(), blocks[7].Hash, 2000).Select(header => header.Hash));
        Assert.Equal(blocks.Select(block => block.Hash), ours.Chain.HeadersAfter([beside[^1].Hash], Hash256.Zero, 2000).Select(header => header.Hash));
        Assert.Empty(ours.Chain.HeadersAfter([blocks[^1].Hash], Hash256.Zero, 2000));
    }

    [Fact]
    public async Task A_block_that_waited_is_here_until_it_is_connected()
    {
        var store = new BreakingStore(new MemoryStore());
        await using TestNode ours = await TestNode.StartAsync(store);
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await ours.SubmitAsync(await theirs.MineAsync(2, contribute: false));
        Block parent = await theirs.MineAsync(contribute: false);
        Block[] siblings = [await theirs.BuildAsync(theirs.View, "left"), await theirs.BuildAsync(theirs.View, "right")];
        await ours.Chain.AddHeadersAsync([parent.Header, siblings[0].Header], CancellationToken.None);
        foreach (Block sibling in siblings)
        {
            Assert.Equal(BlockWait.Parent, (await ours.Chain.SubmitAsync(sibling, CancellationToken.None)).Wait);
        }

        // The parent is written; one of its children is being written then, the other waits no more and is not connected yet.
        Task held = store.HoldAppendAsync(after: 1);
        await ours.Chain.SubmitAsync(parent, CancellationToken.None);
        await held.WaitAsync(Eventually.Patience);
        Assert.Equal(parent.Hash, ours.View.Hash);
        Assert.All(siblings, sibling => Assert.True(ours.Chain.HasBody(sibling.Hash)));
        Assert.Empty(ours.Chain.Wanted(8));

        store.Release();
        await Eventually.TrueAsync(() => siblings.Any(sibling => sibling.Hash == ours.View.Hash));
        Assert.All(siblings, sibling => Assert.True(ours.Chain.HasBody(sibling.Hash)));
    }

    [Fact]
    public async Task Another_branchs_blocks_are_taken_while_a_round_is_judged()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await theirs.SubmitAsync(await ours.MineAsync(8));
        Block beside = await ours.BuildAsync(ours.View, "beside");
        List<Block> ends = await theirs.MineAsync(4, "theirs");
        IDisposable held = await ours.Outcomes.HoldAsync().WaitAsync(TimeSpan.FromSeconds(60));

        // Theirs ends a round that cannot be judged now; the other branch's block is taken meanwhile.
        await ours.SubmitAsync(ends[..2]);
        BlockSubmission last = await ours.Chain.SubmitAsync(ends[2], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(BlockWait.Judgement, last.Wait);
        BlockSubmission above = await ours.Chain.SubmitAsync(ends[3], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(BlockWait.Parent, above.Wait);
        BlockSubmission other = await ours.Chain.SubmitAsync(beside, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((null, false, BlockWait.None), (other.Refusal, other.IsTip, other.Wait));
        Assert.False(last.Verdict!.IsCompleted);

        held.Dispose();
        Assert.Null((await last.Verdict!.WaitAsync(TimeSpan.FromSeconds(60))).Refusal);
        Assert.True((await above.Verdict!.WaitAsync(TimeSpan.FromSeconds(60))).IsTip);
        Assert.Equal(theirs.View.State.ModelRoot, ours.View.State.ModelRoot);
    }
}
