using Basilisk.Chain.Blocks;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Sync;

/// <summary>Fast synchronisation over real connections.</summary>
public sealed class FastSyncOverConnectionsTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task A_new_node_enters_by_a_snapshot_catches_up_and_follows()
    {
        await using PeeredNode source = await PeeredNode.StartAsync(1);
        await source.Node.MineAsync(6 * RoundLength);
        await using PeeredNode other = await PeeredNode.StartAsync(2, isCurrent: false);
        await other.JoinAsync(source);
        await other.AtAsync(source.Tip);

        await using PeeredNode joining = await PeeredNode.StartAsync(3, isCurrent: false, fast: true);
        await joining.JoinAsync(source);
        await joining.JoinAsync(other);
        await joining.AtAsync(source.Tip);
        Assert.True(joining.Node.Chainstate.HeldFrom >= RoundLength - 1);
        Assert.Equal(source.Node.View.State.Root, joining.Node.View.State.Root);
        Assert.Equal(source.Node.View.State.ModelRoot, joining.Node.View.State.ModelRoot);
        await Eventually.TrueAsync(() => joining.Gate.IsCurrent);
        Assert.Empty(joining.Policy.Bans.Current);

        Block next = (await source.Node.MineAsync(RoundLength))[^1];
        await joining.AtAsync(next.Hash);
        Assert.Equal(source.Node.View.State.ModelRoot, joining.Node.View.State.ModelRoot);
    }

    [Fact]
    public async Task A_short_chain_is_replayed_from_genesis_though_a_snapshot_was_wanted()
    {
        await using PeeredNode source = await PeeredNode.StartAsync(1);
        await source.Node.MineAsync(RoundLength);
        await using PeeredNode joining = await PeeredNode.StartAsync(2, isCurrent: false, fast: true);
        await joining.JoinAsync(source);
        await joining.AtAsync(source.Tip);
        Assert.Equal(0UL, joining.Node.Chainstate.HeldFrom);
    }
}
