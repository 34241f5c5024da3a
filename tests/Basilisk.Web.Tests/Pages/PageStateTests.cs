using Basilisk.Contracts.Errors;
using Basilisk.Testing.FakeNode;
using Basilisk.Web.Components.Pages;
using Basilisk.Web.Tests.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Basilisk.Web.Tests.Pages;

/// <summary>What pages show when all is well, when there is nothing yet, and when the node refuses or is away.</summary>
public sealed class PageStateTests : PortalContext
{
    [Fact]
    public void A_block_shows_its_work_unit_and_the_state_of_its_reward()
    {
        var block = Node.Chain.Blocks[30];
        var page = Page<BlockPage>(parameters => parameters.Add(p => p.Id, block.Hash));
        Assert.Equal("Block 30", page.Find("h1").TextContent);
        Assert.Equal("pending", page.Find(".page-head .tone-waiting").TextContent);
        Assert.NotNull(page.Find($"a[href='/contributions/{block.Hash}']"));
        Assert.Equal($"/blocks/{Node.Chain.Blocks[29].Hash}", page.Find("[data-neighbour=previous]").GetAttribute("href"));
        Assert.Equal($"/blocks/{Node.Chain.Blocks[31].Hash}", page.Find("[data-neighbour=next]").GetAttribute("href"));
        Assert.Equal(200, Http.Response.StatusCode);
    }

    [Fact]
    public void A_block_that_a_reorganisation_took_off_says_so()
    {
        Node.Chain.Orphaned.Add(30);
        var page = Page<BlockPage>(parameters => parameters.Add(p => p.Id, Node.Chain.Blocks[30].Hash));
        Assert.Equal("orphaned", page.Find(".page-head .tone-bad").TextContent);
        Assert.Contains("another branch has more work", page.Find(".banner-bad").TextContent, StringComparison.Ordinal);
        Assert.Contains("none: orphaned", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("confirmation<", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Confirmations_count_up_while_the_page_is_open()
    {
        Feed.Replace(Node.Snapshot());
        var page = Page<BlockPage>(parameters => parameters.Add(p => p.Id, Node.Chain.Blocks[30].Hash));
        Assert.Contains("71 confirmations", page.Markup, StringComparison.Ordinal);
        Feed.Apply(new Contracts.Live.LiveDelta(101, Block: Node.Chain.Mine()) { Status = Node.Chain.Status() });
        page.WaitForAssertion(() => Assert.Contains("72 confirmations", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_block_that_does_not_exist_says_so()
    {
        var page = Page<BlockPage>(parameters => parameters.Add(p => p.Id, "0xfeed"));
        Assert.Equal("No such block on the best chain", page.Find(".error-panel h2").TextContent);
    }

    [Fact]
    public async Task A_node_that_is_away_is_503_with_the_next_step_and_a_retry()
    {
        await Node.DisposeAsync();
        var page = Page<Blocks>();
        Assert.Equal("The node is offline", page.Find(".error-panel h2").TextContent);
        Assert.Contains("--node URL", page.Find(".error-panel").TextContent, StringComparison.Ordinal);
        Assert.Equal("Try again", page.Find(".error-panel a.button").TextContent);
        Assert.Equal(503, Http.Response.StatusCode);
    }

    [Fact]
    public void A_refusal_is_shown_with_its_token_and_id()
    {
        Node.Refusal = new ApiError(ErrorTokens.NotReady, "The node is replaying its events.", "r-7");
        var page = Page<RoundsPage>();
        var panel = page.Find(".error-panel").TextContent;
        Assert.Contains("The node is replaying its events.", panel, StringComparison.Ordinal);
        Assert.Contains("not-ready", panel, StringComparison.Ordinal);
        Assert.Contains("r-7", panel, StringComparison.Ordinal);
        Assert.Equal(502, Http.Response.StatusCode);
    }

    [Fact]
    public void The_network_page_shows_peers_and_bans()
    {
        var page = Page<NetworkPage>();
        var rows = page.FindAll("section[aria-labelledby=peers-title] tbody tr");
        Assert.Equal(2, rows.Count);
        Assert.Contains("203.0.113.5:30545", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Equal("out", rows[0].QuerySelector("[data-label=Direction]")!.TextContent);
        Assert.Equal("42 ms", rows[0].QuerySelector("[data-label='Round trip']")!.TextContent);
        Assert.Equal("in", rows[1].QuerySelector("[data-label=Direction]")!.TextContent);
        Assert.Equal("–", rows[1].QuerySelector("[data-label='Round trip']")!.TextContent);
        Assert.Equal("20", rows[1].QuerySelector("[data-label=Score]")!.TextContent);
        Assert.Contains("1 banned", page.Markup, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:30545", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_lists_say_what_will_fill_them()
    {
        Node.Empty = true;
        Assert.Contains("No block here.", Page<Blocks>().Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Contains("No round yet.", Page<RoundsPage>().Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Contains("first round that pays", Page<LeaderboardPage>().Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Contains("when the first round ends", Page<QualityPage>().Find(".plot-empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_round_promises_nothing()
    {
        var page = Page<RoundPage>(parameters => parameters.Add(p => p.Number, Node.Chain.CurrentRound));
        Assert.Equal("open", page.Find(".page-head .tone-waiting").TextContent);
        Assert.Equal("–", page.Find(".tile-value").TextContent[..1]);
        Assert.Empty(page.FindAll("[data-neighbour=next]"));
    }

    [Fact]
    public void An_empty_round_gives_its_reason()
    {
        var page = Page<RoundPage>(parameters => parameters.Add(p => p.Number, 1));
        Assert.Contains("Settled empty: gain not significant.", page.Find(".banner").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_round_that_moved_the_model_unpaid_says_so_and_shows_its_gain()
    {
        Node.Chain.UnpaidRound = 2;
        var page = Page<RoundPage>(parameters => parameters.Add(p => p.Number, 2));
        Assert.Equal("moved, unpaid", page.Find(".page-head .tone-neutral").TextContent);
        Assert.Contains("Moved, unpaid: no contribution's own gain could be confirmed.", page.Find(".banner").TextContent, StringComparison.Ordinal);
        Assert.NotEqual("–", page.Find(".tile-value").TextContent[..1]);
        Assert.Contains("public step", Page<RoundsPage>().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contribution_is_followed_from_block_to_release()
    {
        var page = Page<ContributionPage>(parameters => parameters.Add(p => p.Unit, Node.Chain.Blocks[48].Hash));
        Assert.Equal(["Block", "Unit", "Commit", "Reveal", "Gain", "Credit", "Release"], page.FindAll(".chain-steps h2").Select(heading => heading.TextContent));
        Assert.Equal(7, page.FindAll(".chain-steps li.done").Count);
    }

    [Fact]
    public void A_refused_contribution_says_why_and_stops_at_its_gain()
    {
        var page = Page<ContributionPage>(parameters => parameters.Add(p => p.Unit, Node.Chain.Blocks[52].Hash));
        Assert.Contains("fresh gain below error", page.Find(".banner-bad").TextContent, StringComparison.Ordinal);
        Assert.Equal(5, page.FindAll(".chain-steps li.done").Count);
    }

    [Fact]
    public void An_address_shows_balance_credit_rewards_and_transactions()
    {
        var page = Page<AddressPage>(parameters => parameters.Add(p => p.Address, ScriptedChain.Miners[0]));
        Assert.Equal("437.5BSK", page.Find(".tile-value").TextContent);
        Assert.Equal($"QR code of {ScriptedChain.Miners[0]}", page.Find("svg.qr").GetAttribute("aria-label"));
        Assert.Equal(12, page.FindAll("#rewards").Single().Closest("section")!.QuerySelectorAll("tbody tr").Length);
        Assert.NotEmpty(page.FindAll("#transactions").Single().Closest("section")!.QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public void Every_quality_point_is_in_the_table_as_well_as_in_the_chart()
    {
        var page = Page<QualityPage>();
        Assert.Equal(Node.Chain.Quality().Count, page.FindAll("[aria-label='Table of every point'] tbody tr").Count);
        Assert.Equal(2, page.Find("figure").QuerySelectorAll("path.line").Length);
        Assert.Contains("Every value is in the table.", page.Find("figure svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_a_chart_is_looked_at_lives_in_the_address()
    {
        Bunit.Services.GetRequiredService<NavigationManager>().NavigateTo("/quality?axis=round&smooth=0.6");
        var page = Page<QualityPage>();
        Assert.Contains("weight 0.6", page.Markup, StringComparison.Ordinal);
        Assert.Equal("round", page.Find(".choice a[aria-current]").TextContent);
        Assert.Contains(page.FindAll(".legend li"), item => item.TextContent == "Holdout loss, raw");
    }

    [Fact]
    public void One_kind_of_question_can_be_drawn_beside_the_whole_benchmark()
    {
        Bunit.Services.GetRequiredService<NavigationManager>().NavigateTo("/quality?kind=spelling");
        var page = Page<QualityPage>();
        var primer = page.Find("#primer-title").Closest("section")!;
        Assert.Equal(["all kinds", "spelling"], primer.QuerySelectorAll(".legend li").Select(item => item.TextContent));
        Assert.Equal(3, page.FindAll("svg.trend").Count);
    }

    [Fact]
    public void A_blocks_hash_leads_to_the_block_although_it_also_names_a_work_unit()
    {
        var navigation = Bunit.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo($"/search?q={Node.Chain.Blocks[7].Hash}");
        Page<SearchPage>();
        Assert.EndsWith($"/blocks/{Node.Chain.Blocks[7].Hash}", navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_goes_straight_to_the_only_page_it_can_mean()
    {
        var navigation = Bunit.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/search?q=round+3");
        Page<SearchPage>();
        Assert.EndsWith("/rounds/3", navigation.Uri, StringComparison.Ordinal);
    }
}
