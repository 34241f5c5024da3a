using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>Rolling finality keeps a heavier chain out, says so, and gives way to the operator alone.</summary>
public sealed class FinalityTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task A_heavier_chain_that_is_kept_out_is_said_once_and_followed_when_the_operator_chooses_it()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> longer = await PartAsync(ours, theirs);
        BlockHeader[] headers = [.. longer.Select(block => block.Header)];
        long settled = ours.View.Totals.Settled;

        Assert.Null((await ours.Chain.AddHeadersAsync(headers[..^1], CancellationToken.None)).Refusal);
        Assert.Null(ours.Chain.Conflict); // as much work: nothing is kept out
        Assert.Null((await ours.Chain.AddHeadersAsync(headers, CancellationToken.None)).Refusal);
        Assert.Equal(longer[^1].Hash, ours.Chain.Conflict!.Other.Hash);
        Assert.Equal((ulong)(ours.View.Height - longer.Count + 1), ours.Chain.Conflict.ForkHeight);
        Assert.Equal(ours.Network.Parameters.FinalityRounds + 1UL, ours.Chain.Conflict.SettledRoundsUndone);
        Assert.Equal(ours.View.Hash, ours.Chain.BestHeader.Hash);
        Assert.Empty(ours.Chain.Wanted(10));
        List<Block> more = await theirs.MineAsync(2, "theirs");
        await ours.Chain.AddHeadersAsync([.. more.Select(block => block.Header)], CancellationToken.None);
        Assert.Single(ours.Log.Lines, line => line.Id == 1108);
        Assert.Equal(Tokens.ReorganisationTooDeep, (await ours.Chain.SubmitAsync(longer[0], CancellationToken.None)).Refusal!.Token);

        await ours.Chainstate.FollowAsync(ours.Chainstate.Headers.Find(ours.Chain.Conflict.Other.Hash)!, CancellationToken.None);
        Assert.Null(ours.Chain.Conflict);
        Assert.Equal(more[^1].Hash, ours.Chain.BestHeader.Hash);
        Assert.Equal(longer[0].Hash, ours.Chain.Wanted(1)[0].Hash);
        BlockSubmission last = null!;
        foreach (Block block in longer.Concat(more))
        {
            last = await ours.SubmitAsync([block]);
            Assert.True(last.Refusal is null && last.Wait == BlockWait.None, $"{block.Height} of {longer[0].Height}..{more[^1].Height}: {last}; tip {ours.View.Height}; " + string.Join('\n', ours.Log.Lines.TakeLast(3)));
        }

        Assert.Equal((null, BlockWait.None), (last.Refusal?.ToString(), last.Wait));
        Assert.Equal(theirs.View.Hash, ours.View.Hash);
        Assert.Equal(theirs.View.State.Root, ours.View.State.Root);
        Assert.Equal(theirs.View.Totals.Gain, ours.View.Totals.Gain);
        Assert.True(settled > ours.Network.Parameters.FinalityRounds);
        await ours.MineAsync(RoundLength, "on");
    }

    [Fact]
    public async Task The_operators_choice_outlives_a_restart_and_is_spent_once_it_is_followed()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        List<Block> longer = await PartAsync(ours, theirs);
        List<Block> left = [.. await ChainOfAsync(ours, longer.Count - 1)];
        await ours.Chain.AddHeadersAsync([.. longer.Select(block => block.Header)], CancellationToken.None);
        await ours.Chainstate.FollowAsync(ours.Chainstate.Headers.Find(longer[^1].Hash)!, CancellationToken.None);

        await using TestNode again = await ours.RestartAsync();
        await again.Chain.AddHeadersAsync([.. longer.Select(block => block.Header)], CancellationToken.None);
        Assert.Equal(longer[^1].Hash, again.Chain.BestHeader.Hash);
        await again.SubmitAsync(longer);
        Assert.Equal(theirs.View.Hash, again.View.Hash);

        // The chain that was left grows on: coming back is a choice of its own.
        await using TestNode third = await TestNode.StartAsync(key: 3);
        List<Block> shared = await ChainOfAsync(theirs, theirs.View.Height);
        await third.SubmitAsync([.. shared.Take((int)theirs.View.Height - longer.Count), .. left]);
        List<Block> grown = await third.MineAsync(3, "left", contribute: false);
        Assert.Null((await again.Chain.AddHeadersAsync([.. grown.Select(block => block.Header)], CancellationToken.None)).Refusal);
        bool comesBack = theirs.View.Totals.Settled - 1 <= again.Network.Parameters.FinalityRounds;
        Assert.Equal(comesBack, again.Chain.BestHeader.Hash == grown[^1].Hash);
        Assert.Equal(!comesBack, again.Chain.Conflict is not null);
    }

    /// <summary>Ours settles more rounds than finality undoes; theirs, from the same beginning, is one block longer.</summary>
    private static async Task<List<Block>> PartAsync(TestNode ours, TestNode theirs)
    {
        await theirs.SubmitAsync(await ours.MineAsync(RoundLength + 1, "shared"));
        long settled = ours.View.Totals.Settled;
        while (ours.View.Totals.Settled <= settled + ours.Network.Parameters.FinalityRounds)
        {
            await ours.MineAsync("ours");
        }

        return await theirs.MineAsync((int)(ours.View.Height - theirs.View.Height) + 1, "theirs");
    }

    private static async Task<List<Block>> ChainOfAsync(TestNode node, long last)
    {
        var blocks = new List<Block>();
        foreach (BlockHeader header in node.Chain.HeadersAfter([], default, int.MaxValue).TakeLast((int)last))
        {
            ReadOnlyMemory<byte>? bytes = await node.Chain.ReadBlockAsync(header.Hash, CancellationToken.None);
            blocks.Add(BlockCodec.Decode(bytes!.Value.Span, node.Network.Parameters.Caps).Value);
        }

        return blocks;
    }
}
