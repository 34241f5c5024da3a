using Basilisk.Chain.Blocks;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Snapshots;

/// <summary>A start from a snapshot gives what a replay of the whole log gives, and falls back to it where the snapshot does not do.</summary>
public sealed class StartupSnapshotTests
{
    private const int RoundLength = 6;
    private const int Long = (SettlementParameters.MaxPast + 3) * RoundLength;
    private const int StartedFromSnapshot = 1121;
    private const int NotUsed = 1122;

    [Fact]
    public async Task A_start_from_a_snapshot_gives_the_same_chain_and_goes_on()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(Long - RoundLength);
        await node.Startup.Writing;
        await node.MineAsync(RoundLength);
        ChainView before = node.View;

        await using TestNode again = await node.RestartAsync();
        Assert.Equal(1, Count(again, StartedFromSnapshot));
        Assert.True(Replayed(again) <= (long)Retention.Reach(again.Network.Parameters) + RoundLength, $"{Replayed(again)} blocks were replayed");
        AssertSame(before, again.View);
        await again.MineAsync(2 * RoundLength);

        await using TestNode third = await again.RestartAsync();
        Assert.Equal(1, Count(third, StartedFromSnapshot));
        AssertSame(again.View, third.View);
    }

    [Fact]
    public async Task A_short_chain_is_replayed_whole()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(2 * RoundLength);
        await using TestNode again = await node.RestartAsync();
        Assert.Equal(0, Count(again, StartedFromSnapshot));
        Assert.Equal(0, Count(again, NotUsed));
        AssertSame(node.View, again.View);
    }

    [Fact]
    public async Task After_a_start_from_a_snapshot_a_chain_that_forks_off_two_settled_rounds_back_is_followed()
    {
        await using TestNode ours = await TestNode.StartAsync();
        await using TestNode theirs = await TestNode.StartAsync(key: 2);
        await theirs.SubmitAsync(await ours.MineAsync(Long + 3));
        await ours.MineAsync(2 * RoundLength, "ours");
        List<Block> longer = await theirs.MineAsync((2 * RoundLength) + 1, "theirs");

        await using TestNode again = await ours.RestartAsync();
        Assert.Equal(1, Count(again, StartedFromSnapshot));
        Assert.Null((await again.SubmitAsync(longer)).Refusal);
        AssertSame(theirs.View, again.View);
        await using TestNode third = await again.RestartAsync();
        AssertSame(theirs.View, third.View);
    }

    [Theory]
    [InlineData("snapshot", 40)]
    [InlineData("snapshot", 5_000)]
    [InlineData("headers", 1_000)]
    [InlineData("headers", 1_000_000)] // the last byte
    public async Task A_changed_byte_is_found_and_the_log_is_replayed_instead(string file, int offset)
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(Long, contribute: false);
        await node.StopAsync();
        Flip(Path.Combine(node.Folder, "snapshots", file), offset);

        await AssertReplayedAsync(node);
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("headers")]
    public async Task A_file_that_was_cut_short_is_found_and_the_log_is_replayed_instead(string file)
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(Long, contribute: false);
        await node.StopAsync();
        string path = Path.Combine(node.Folder, "snapshots", file);
        await using (FileStream cut = File.OpenWrite(path))
        {
            cut.SetLength(cut.Length / 2);
        }

        await AssertReplayedAsync(node);
    }

    [Fact]
    public async Task A_snapshot_of_another_log_is_not_used()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(Long, contribute: false);
        await using TestNode other = await TestNode.StartAsync(key: 2);
        await other.MineAsync(Long, "other", contribute: false);
        await node.StopAsync();
        await other.StopAsync();
        foreach (string file in new[] { "snapshot", "headers" })
        {
            File.Copy(Path.Combine(other.Folder, "snapshots", file), Path.Combine(node.Folder, "snapshots", file), overwrite: true);
        }

        await AssertReplayedAsync(node);
    }

    [Fact]
    public async Task Checkpoints_that_the_snapshot_needs_and_that_are_gone_are_made_from_the_whole_log()
    {
        await using TestNode node = await TestNode.StartAsync();
        await node.MineAsync(Long);
        await node.StopAsync();
        foreach (string path in Directory.EnumerateFiles(node.Folder, "*.checkpoint"))
        {
            File.Delete(path);
        }

        await using TestNode again = await AssertReplayedAsync(node);
        await again.MineAsync(RoundLength);
    }

    private static async Task<TestNode> AssertReplayedAsync(TestNode stopped)
    {
        TestNode again = await stopped.RestartAsync();
        Assert.Equal(1, Count(again, NotUsed));
        Assert.Equal(0, Count(again, StartedFromSnapshot));
        Assert.Equal(stopped.View.Height, Replayed(again));
        AssertSame(stopped.View, again.View);

        // Made anew, so that the next start is short again.
        TestNode third = await again.RestartAsync();
        Assert.Equal(1, Count(third, StartedFromSnapshot));
        AssertSame(stopped.View, third.View);
        return third;
    }

    private static void AssertSame(ChainView expected, ChainView actual)
    {
        Assert.Equal(expected.Hash, actual.Hash);
        Assert.Equal(expected.State.Root, actual.State.Root);
        Assert.Equal(expected.State.Head.TotalWork, actual.State.Head.TotalWork);
        Assert.Equal(expected.State.Head.RecentTimes, actual.State.Head.RecentTimes);
        Assert.Equal(expected.State.Head.Clock, actual.State.Head.Clock);
        Assert.Equal(expected.Trail.PastModels, actual.Trail.PastModels);
        Assert.Equal(expected.Trail.PastPayloads, actual.Trail.PastPayloads);
        Assert.Equal(expected.Totals, actual.Totals);
    }

    private static void Flip(string path, int offset)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[Math.Min(offset, bytes.Length - 1)] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static int Count(TestNode node, int id) => node.Log.Lines.Count(line => line.Id == id);

    /// <summary>Blocks that the start replayed, as it says itself.</summary>
    private static long Replayed(TestNode node) => long.Parse(
        node.Log.Lines.Single(line => line.Id == 1105).Message.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
