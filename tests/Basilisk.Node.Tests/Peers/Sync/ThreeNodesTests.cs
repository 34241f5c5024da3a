using Basilisk.Chain.Blocks;
using Basilisk.Node.Peers;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Sync;

public sealed class ThreeNodesTests
{
    [Fact]
    public async Task Three_nodes_that_mine_and_train_end_at_the_same_tip_state_and_model()
    {
        PeeredNode[] nodes = [await PeeredNode.StartAsync(1), await PeeredNode.StartAsync(2), await PeeredNode.StartAsync(3)];
        try
        {
            await nodes[1].JoinAsync(nodes[0]);
            await nodes[2].JoinAsync(nodes[1]); // A chain of nodes: what the first mines reaches the third through the second.
            for (int height = 0; height < 21; height++)
            {
                await nodes[height % 3].Node.ContributeAsync();
                Block block = await nodes[height % 3].Node.MineAsync();
                await Task.WhenAll(nodes.Select(node => node.AtAsync(block.Hash)));
                foreach (PeeredNode node in nodes)
                {
                    await node.Node.ContributeAsync();
                }

                await Eventually.TrueAsync(() => nodes.All(node => node.Node.Pool.Count == nodes[0].Node.Pool.Count));
            }

            Assert.All(nodes, node => Assert.Equal(nodes[0].Node.View.State.Root, node.Node.View.State.Root));
            Assert.All(nodes, node => Assert.Equal(nodes[0].Node.View.State.ModelRoot, node.Node.View.State.ModelRoot));
            Assert.NotEqual(nodes[0].Node.Network.Artefacts.Checkpoint.Root, nodes[0].Node.View.State.ModelRoot);
            Assert.All(nodes, node => Assert.Empty(node.Policy.Bans.Current));
        }
        finally
        {
            foreach (PeeredNode node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Two_sides_heal_across_a_round_end()
    {
        await using PeeredNode left = await PeeredNode.StartAsync(1);
        await using PeeredNode right = await PeeredNode.StartAsync(2);
        IPeer connection = await left.JoinAsync(right);
        Block shared = await left.Node.MineAsync();
        await right.AtAsync(shared.Hash);
        connection.Close(PeerTokens.Stopping, "A cut for the test.");
        await Eventually.TrueAsync(() => left.Live.All.Count == 0 && right.Live.All.Count == 0);

        // A round of six heights ends on both sides, each with contributions of its own.
        await left.Node.MineAsync(7, extra: "left");
        await right.Node.MineAsync(9, extra: "right");
        Assert.NotEqual(left.Tip, right.Tip);
        await left.JoinAsync(right);

        await left.AtAsync(right.Tip);
        Assert.Equal(right.Node.View.State.Root, left.Node.View.State.Root);
        Assert.Equal(right.Node.View.State.ModelRoot, left.Node.View.State.ModelRoot);
        Block next = await left.Node.MineAsync();
        await right.AtAsync(next.Hash);
    }
}
