using Basilisk.Chain.Blocks;
using Basilisk.Exact.Judging;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Projections;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store.Projections;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>
/// Random schedules of branches that grow across the ends of rounds, with real training on each, handed to one node in random order:
/// wherever it ends, everything it holds is what a fresh node has that was given the final chain alone.
/// </summary>
public sealed class RandomForkTests
{
    private const int RoundLength = 6;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    public async Task After_any_schedule_of_forks_a_node_is_as_if_the_last_chain_had_been_the_only_one(int seed, int branches)
    {
        var random = new Random(seed);
        await using TestNode subject = await TestNode.StartAsync(key: 9);
        var builders = new List<TestNode>();
        try
        {
            for (int i = 0; i < branches; i++)
            {
                builders.Add(await TestNode.StartAsync(key: (byte)(i + 1)));
            }

            int reorganisations = 0;
            using IDisposable counting = subject.Chainstate.Subscribe(change => reorganisations += change.Disconnected.Count > 0 ? 1 : 0);
            for (int epoch = 0; epoch < 3; epoch++)
            {
                await GrowAsync(random, subject, builders);
                await ConvergeAsync(subject, builders);
                await AssertAsFreshAsync(subject);
            }

            Assert.True(reorganisations >= 3, $"only {reorganisations} reorganisations: the schedule tests nothing");
            VerificationResult result = await new ChainVerifier(subject.Network, subject.Store.Events, new IntegerLossEvaluator(2)).RunAsync(null, CancellationToken.None);
            Assert.Null(result.Difference);
            Assert.Equal(subject.View.State.Root.ToString(), result.StateRoot);
            await new ProjectionRunner(subject.Store, ProjectionSet.All()).CatchUpAsync();
            Assert.Null(await ProjectionAudit.RunAsync(subject.Store, CancellationToken.None));

            // Where less can be undone than was, the documents are derived anew and come out the same, orphans among them.
            foreach (int kept in (int[])[1, 2, 3, 5])
            {
                Assert.Null(await ProjectionAudit.RunAsync(subject.Store, CancellationToken.None, kept));
            }

            await using TestNode again = await subject.RestartAsync();
            await AssertAsFreshAsync(again);
        }
        finally
        {
            foreach (TestNode builder in builders)
            {
                await builder.DisposeAsync();
            }
        }
    }

    /// <summary>Each branch grows by at most two rounds, in small steps, each handed over at once in an order of its own.</summary>
    private static async Task GrowAsync(Random random, TestNode subject, List<TestNode> builders)
    {
        long most = builders[0].View.Height + (2 * RoundLength) - 1;
        for (int step = 0; step < 5 * builders.Count; step++)
        {
            TestNode builder = builders[random.Next(builders.Count)];
            int count = (int)Math.Min(random.Next(1, 6), most - builder.View.Height);
            if (count > 0)
            {
                List<Block> mined = await builder.MineAsync(count, $"branch {builders.IndexOf(builder)}", contribute: random.Next(4) > 0);
                await HandOverAsync(random, subject, mined);
            }
        }
    }

    private static async Task HandOverAsync(Random random, TestNode subject, List<Block> blocks)
    {
        if (random.Next(2) == 0)
        {
            await subject.SubmitAsync(blocks);
            return;
        }

        HeaderBatch batch = await subject.Chain.AddHeadersAsync([.. blocks.Select(block => block.Header)], CancellationToken.None);
        if (batch.Refusal is { } tooLight)
        {
            // A branch more than a round behind: its headers are not kept ahead of its bodies.
            Assert.Equal(HeaderTokens.WorkTooLow, tooLight.Token);
            await subject.SubmitAsync(blocks);
            return;
        }

        Block[] shuffled = [.. blocks];
        random.Shuffle(shuffled);
        foreach (Block block in shuffled)
        {
            BlockSubmission taken = await subject.Chain.SubmitAsync(block, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Null(taken.Refusal);
        }
    }

    /// <summary>One branch is made the heaviest, and all builders go on from it.</summary>
    private static async Task ConvergeAsync(TestNode subject, List<TestNode> builders)
    {
        TestNode ahead = builders.MaxBy(builder => builder.View.Height)!;
        BlockSubmission last = await subject.SubmitAsync(await ahead.MineAsync(1, "last", contribute: false));
        await (last.Verdict ?? Task.FromResult(last)).WaitAsync(TimeSpan.FromSeconds(60)); // What was handed over before may still be judged.
        Assert.Equal(ahead.View.Hash, subject.View.Hash);
        List<Block> chain = await BlocksAsync(subject);
        foreach (TestNode builder in builders)
        {
            await builder.SubmitAsync(chain.Where(block => !builder.Chain.HasBody(block.Hash)).ToList());
            Assert.Equal(subject.View.Hash, builder.View.Hash);
        }
    }

    private static async Task AssertAsFreshAsync(TestNode node)
    {
        await using TestNode fresh = await TestNode.StartAsync(key: 8);
        await fresh.SubmitAsync(await BlocksAsync(node));
        ChainView expected = fresh.View;
        ChainView found = node.View;
        Assert.Equal(expected.Hash, found.Hash);
        Assert.Equal(expected.State.Root, found.State.Root);
        Assert.Equal(expected.State.Entries.Entries().Select(entry => (entry.Key, Convert.ToHexString(entry.Value))), found.State.Entries.Entries().Select(entry => (entry.Key, Convert.ToHexString(entry.Value))));
        Assert.Equal(expected.State.ModelRoot, found.State.ModelRoot);
        Assert.Equal(node.Checkpoints.Get(found.State.ModelRoot).Root, fresh.Checkpoints.Get(expected.State.ModelRoot).Root);
        Assert.Equal((expected.Totals.Gain, expected.Totals.Credit, expected.Totals.Settled, expected.Totals.HoldoutNow, expected.Totals.LastReleased),
            (found.Totals.Gain, found.Totals.Credit, found.Totals.Settled, found.Totals.HoldoutNow, found.Totals.LastReleased));
        Assert.Equal(expected.Trail.Ended.Select(round => (round.Round, round.ModelRoot)), found.Trail.Ended.Select(round => (round.Round, round.ModelRoot)));
        Assert.Equal(expected.Trail.PastPayloads, found.Trail.PastPayloads);
    }

    /// <summary>The blocks of a node's chain, from the bytes it gives to others.</summary>
    private static async Task<List<Block>> BlocksAsync(TestNode node)
    {
        var blocks = new List<Block>();
        foreach (BlockHeader header in node.Chain.HeadersAfter([], default, int.MaxValue))
        {
            ReadOnlyMemory<byte>? bytes = await node.Chain.ReadBlockAsync(header.Hash, CancellationToken.None);
            blocks.Add(BlockCodec.Decode(bytes!.Value.Span, node.Network.Parameters.Caps).Value);
        }

        return blocks;
    }
}
