using Basilisk.Contracts.Live;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Web.Components.Islands;
using Basilisk.Web.Tests.Support;
using Bunit;
using Xunit;

namespace Basilisk.Web.Tests.Pages;

public sealed class OverviewTests : PortalContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Before_the_node_answers_the_boxes_stand_where_figures_will_be()
    {
        var overview = Bunit.Render<LiveOverview>();
        Assert.Equal(8, overview.FindAll(".tile.skeleton").Count);
        Assert.Contains("Connecting to the node", overview.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_never_answered_is_offline_with_a_retry()
    {
        Feed.Lose("connection refused");
        var overview = Bunit.Render<LiveOverview>();
        Assert.Contains("connection refused", overview.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("Try now", overview.Find("[role=alert] a").TextContent);
        Assert.Equal("Offline", overview.Find(".live-state").TextContent);
    }

    [Fact]
    public void A_lost_node_leaves_the_last_figures_marked()
    {
        Feed.Replace(Node.Snapshot());
        Feed.Lose("the node closed the live connection");
        var overview = Bunit.Render<LiveOverview>();
        Assert.Equal("100", overview.Find(".round-line .big").TextContent);
        Assert.NotNull(overview.Find(".live.stale"));
        Assert.Contains("What you see is the last that came", overview.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_behind_says_how_far_and_how_long()
    {
        Node.Chain.Sync = new SyncView("blocks", false, 400, 1_600, 12.5, 96);
        Feed.Replace(Node.Snapshot());
        var overview = Bunit.Render<LiveOverview>();
        var banner = overview.Find("[data-sync=blocks]");
        Assert.Contains("Catching up.", banner.TextContent, StringComparison.Ordinal);
        Assert.Contains("Height 400 of 1,600, 12.5 blocks/s, about 1 min left", banner.TextContent, StringComparison.Ordinal);
        Assert.Equal("0.25", banner.QuerySelector("progress")!.GetAttribute("value"));

        Node.Chain.Sync = new SyncView("current", true, 1_600, 1_600, 0, null);
        Feed.Replace(Node.Snapshot());
        overview.WaitForAssertion(() => Assert.Empty(overview.FindAll("[data-sync]")), Patience);
    }

    [Fact]
    public void A_chain_that_finality_keeps_out_is_a_warning_with_the_next_step()
    {
        Node.Chain.Conflict = new Contracts.NodeStatus.ConflictView("0xfeed", 140, 60, 3);
        Feed.Replace(Node.Snapshot());
        var overview = Bunit.Render<LiveOverview>();
        var warning = overview.Find(".banner-bad[role=alert]").TextContent;
        Assert.Contains("would undo 3 settled rounds", warning, StringComparison.Ordinal);
        Assert.Contains("./basilisk chain follow", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void New_blocks_appear_and_pause_holds_them_back()
    {
        Feed.Replace(Node.Snapshot());
        var overview = Bunit.Render<LiveOverview>();
        Assert.Equal("Live", overview.Find(".live-state").TextContent);

        Feed.Apply(new LiveDelta(101, Block: Node.Chain.Mine()) { Status = Node.Chain.Status() });
        overview.WaitForAssertion(() => Assert.Equal("101", overview.Find(".round-line .big").TextContent), Patience);

        overview.Find(".live-bar button").Click();
        Feed.Apply(new LiveDelta(102, Block: Node.Chain.Mine()) { Status = Node.Chain.Status() });
        overview.WaitForAssertion(() => Assert.Equal("Resume, 1 updates missed", overview.Find(".live-bar button").TextContent.Trim()), Patience);
        Assert.Equal("101", overview.Find(".round-line .big").TextContent);

        overview.Find(".live-bar button").Click();
        overview.WaitForAssertion(() => Assert.Equal("102", overview.Find(".round-line .big").TextContent), Patience);
    }

    [Fact]
    public void A_list_that_is_pointed_at_stands_still_and_offers_the_new_rows()
    {
        Feed.Replace(Node.Snapshot());
        var overview = Bunit.Render<LiveOverview>();
        overview.Find("[aria-label='Newest blocks']").PointerEnter();
        Feed.Apply(new LiveDelta(101, Node.Chain.Status(), Node.Chain.Mine()));
        overview.WaitForAssertion(() => Assert.Equal("1 new", overview.Find("[aria-label='Newest blocks'] .chip").TextContent), Patience);
        Assert.Equal("100", FirstRow());

        overview.Find("[aria-label='Newest blocks'] .chip").Click();
        overview.WaitForAssertion(() => Assert.Equal("101", FirstRow()), Patience);

        string FirstRow() => overview.Find("[aria-label='Newest blocks'] tbody td").TextContent;
    }

    [Fact]
    public void A_new_network_says_what_it_waits_for()
    {
        Node.Empty = true;
        Feed.Replace(Node.Snapshot());
        var overview = Bunit.Render<LiveOverview>();
        Assert.Contains("The first point appears when the first round ends.", overview.Markup, StringComparison.Ordinal);
        Assert.Contains("the miner is looking for the first", overview.Markup, StringComparison.Ordinal);
    }
}
