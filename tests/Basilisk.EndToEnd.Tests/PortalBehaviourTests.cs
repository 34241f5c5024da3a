using System.Globalization;
using Basilisk.EndToEnd.Tests.Browser;
using Basilisk.Testing.FakeNode;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Basilisk.EndToEnd.Tests;

/// <summary>What a person does with the portal, in a real browser against the real process.</summary>
public sealed class PortalBehaviourTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_new_block_reaches_the_open_overview_and_pause_holds_the_next()
    {
        await using var page = await fixture.Open(View.WideLight);
        await page.Go("/");
        await page.UntilInteractive();
        var height = page.Page.Locator(".round-line .big").First;

        await fixture.Node.Mine();
        await Expect(height).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height));

        var pause = page.Page.Locator(".live-bar button");
        await pause.ClickAsync();
        await Expect(pause).ToHaveTextAsync("Resume");
        await fixture.Node.Mine();
        await Expect(pause).ToHaveTextAsync("Resume, 1 updates missed");
        await Expect(height).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height - 1));
        await pause.ClickAsync();
        await Expect(height).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height));
        page.HasNoComplaints();
    }

    [Fact]
    public async Task Scrolled_down_the_live_list_stands_still_and_offers_the_new_row()
    {
        await using var page = await fixture.Open(View.PhoneLight);
        await page.Go("/");
        await page.UntilInteractive();
        await fixture.Node.Mine();
        var list = page.Page.Locator("[aria-label='Newest blocks']");
        var first = list.Locator("tbody tr td").First;
        await Expect(first).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height));

        await page.Page.EvaluateAsync("() => scrollTo(0, document.querySelector('[data-live-list]').offsetTop)");
        await page.Page.WaitForFunctionAsync("() => scrollY > 80");
        await fixture.Node.Mine();
        await Expect(list.Locator(".chip")).ToHaveTextAsync("1 new");
        await Expect(first).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height - 1));
        await page.Page.EvaluateAsync("() => scrollTo(0, 0)");
        await Expect(first).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height));
    }

    [Fact]
    public async Task An_answer_streams_and_escape_stops_it_keeping_what_came()
    {
        fixture.Node.Chat.Reset();
        await using var page = await fixture.Open(View.WideDark);
        await page.Go("/playground");
        await page.UntilInteractive();
        await page.Page.Locator("#question").FillAsync("Tell me a story.");
        await page.Page.Keyboard.PressAsync("Enter");

        var answer = page.Page.Locator(".answer");
        fixture.Node.Chat.Say("Once upon ");
        await Expect(answer).ToContainTextAsync("Once upon");
        await page.Page.EvaluateAsync("() => { window.firstPiece = document.querySelector('.answer span'); }");
        fixture.Node.Chat.Say("a time <b>there</b> was");
        await Expect(answer).ToContainTextAsync("a time <b>there</b> was");
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.firstPiece.isConnected && window.firstPiece === document.querySelector('.answer span')"));
        await page.Keep("playground-streaming");

        await page.Page.Keyboard.PressAsync("Escape");
        await fixture.Node.Chat.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Expect(page.Page.Locator(".stamp .badge")).ToHaveTextAsync("stopped");
        await Expect(answer).ToContainTextAsync("Once upon a time <b>there</b> was");
        await Expect(page.Page.Locator(".stamp a")).ToHaveAttributeAsync("href", $"/blocks/{fixture.Node.Chain.Quality()[^1].Height.ToString(CultureInfo.InvariantCulture)}");
        await page.IsAccessible();
        page.HasNoComplaints();
    }

    [Fact]
    public async Task A_broken_answer_can_be_tried_again_and_becomes_formatted_text()
    {
        fixture.Node.Chat.Reset();
        await using var page = await fixture.Open(View.PhoneLight);
        await page.Go("/playground");
        await page.UntilInteractive();
        fixture.Node.Chat.Say("half");
        fixture.Node.Chat.Break("the node is settling a round");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "What is 7 plus 5?" }).ClickAsync();
        await Expect(page.Page.Locator(".banner-bad")).ToContainTextAsync("the node is settling a round");

        fixture.Node.Chat.Say("It is **12**. <script>alert(1)</script>");
        fixture.Node.Chat.End();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.Page.Locator(".answer strong")).ToHaveTextAsync("12");
        await Expect(page.Page.Locator(".answer")).ToContainTextAsync("<script>alert(1)</script>");
        Assert.Equal(0, await page.Page.Locator(".answer script").CountAsync());
        await page.Keep("playground-answered");
        await page.FitsItsWidth();
        page.HasNoComplaints();
    }

    [Fact]
    public async Task Slash_focuses_the_search_which_suggests_and_leads_to_the_page()
    {
        await using var page = await fixture.Open(View.WideLight);
        await page.Go("/leaderboard");
        await page.Page.Keyboard.PressAsync("/");
        await Expect(page.SearchBox).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("4");
        var options = page.Page.Locator("#search-list [role=option]");
        await Expect(options).ToHaveCountAsync(2);
        await page.Keep("search-suggestions");
        await page.IsAccessible();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading).ToHaveTextAsync("Round 4");

        await page.SearchBox.FillAsync(fixture.Node.Chain.Blocks[48].Hash);
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading).ToHaveTextAsync("Block 48");
        await page.Page.Locator("h1").ClickAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Heading).ToHaveTextAsync("Block 47");
    }

    [Fact]
    public async Task The_chosen_theme_stays_after_a_reload()
    {
        await using var page = await fixture.Open(View.WideLight);
        await page.Go("/blocks");
        var light = await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        ILocator body = page.Page.Locator("body");
        await page.Page.Locator("[data-action='toggle-theme']").ClickAsync();
        await Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(body).Not.ToHaveCSSAsync("background-color", light);
        await page.Page.ReloadAsync();
        await Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(body).Not.ToHaveCSSAsync("background-color", light);
    }

    [Fact]
    public async Task A_plain_page_opens_no_circuit_and_the_first_tab_stop_skips_to_the_content()
    {
        await using var page = await fixture.Open(View.WideLight);
        var sockets = 0;
        page.Page.WebSocket += (_, _) => Interlocked.Increment(ref sockets);
        await page.Go("/rounds/3");
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Equal(0, sockets);

        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Page.Locator(".skip-link")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_block_list_offers_new_blocks_and_moves_only_when_asked()
    {
        await using var page = await fixture.Open(View.WideLight);
        await page.Go("/blocks");
        await page.UntilInteractive();
        var first = page.Page.Locator("tbody tr td").First;
        var before = await first.TextContentAsync();
        await fixture.Node.Mine();
        var chip = page.Page.Locator(".new-rows .chip");
        await Expect(chip).ToHaveTextAsync("1 new block: show");
        await Expect(first).ToHaveTextAsync(before!);
        await chip.ClickAsync();
        await Expect(first).ToHaveTextAsync(Text(fixture.Node.Chain.Tip.Height));
    }

    [Fact]
    public async Task The_phone_menu_opens_and_leads_on()
    {
        await using var page = await fixture.Open(View.PhoneDark);
        await page.Go("/blocks");
        await page.Page.Locator("details.menu summary").ClickAsync();
        await page.Keep("menu");
        await page.IsAccessible();
        await page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Menu" }).GetByText("Model").ClickAsync();
        await Expect(page.Heading).ToHaveTextAsync("Model quality");
    }

    [Fact]
    public async Task Pages_are_whole_without_script()
    {
        using var http = new HttpClient { BaseAddress = fixture.Portal.Url };
        var overview = await http.GetStringAsync("/");
        Assert.Contains("Newest blocks", overview, StringComparison.Ordinal);
        Assert.Contains(ScriptedChain.Miners[0], overview, StringComparison.Ordinal);
        var quality = await http.GetStringAsync("/quality");
        Assert.Contains("<path class=\"line s1", quality, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_forbid_foreign_and_inline_scripts_and_framing()
    {
        using var http = new HttpClient { BaseAddress = fixture.Portal.Url };
        using var answer = await http.GetAsync("/");
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotContain("onclick=", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/blocks/999999", 404, "No such block on the best chain")]
    [InlineData("/rounds/999999", 404, "This round has not begun")]
    [InlineData("/no/such/page", 404, "Nothing lives at this address")]
    [InlineData("/api/blocks/999999", 404, "not-found")]
    [InlineData("/quality/points.csv", 200, "holdout_loss_nats")]
    [InlineData("/openapi/v1.json", 200, "openapi")]
    public async Task The_status_of_an_answer_is_true(string path, int status, string content)
    {
        using var http = new HttpClient { BaseAddress = fixture.Portal.Url };
        using var answer = await http.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(content, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Text(long height) => height.ToString("N0", CultureInfo.InvariantCulture);
}
