using Basilisk.EndToEnd.Tests.Browser;
using Basilisk.Testing.FakeNode;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Basilisk.EndToEnd.Tests;

/// <summary>How the portal starts, and how it lives through its node's absence.</summary>
public sealed class PortalProcessTests
{
    [Fact]
    public async Task A_taken_port_is_named_with_the_next_step()
    {
        await using var node = await ScriptedNode.Start();
        var (code, output) = await PortalUnderTest.RunToEnd("--urls", node.Url.ToString());
        Assert.Equal(2, code);
        Assert.Contains("address already in use", output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("choose another address with --listen", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_with_its_value()
    {
        var (code, output) = await PortalUnderTest.RunToEnd("--node", "nowhere");
        Assert.Equal(2, code);
        Assert.Contains("Portal:NodeUrl is 'nowhere'", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_option_is_refused()
    {
        var (code, output) = await PortalUnderTest.RunToEnd("--nod", "http://127.0.0.1:1");
        Assert.Equal(2, code);
        Assert.Contains("unknown option --nod", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_options()
    {
        var (code, output) = await PortalUnderTest.RunToEnd("--help");
        Assert.Equal(0, code);
        Assert.Contains("--node URL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_goes_and_comes_back_is_marked_and_found_again()
    {
        var chromium = new ChromiumFixture();
        await chromium.InitializeAsync();
        try
        {
            var node = await ScriptedNode.Start();
            var port = node.Url.Port;
            await using var portal = await PortalUnderTest.Start(node.Url);
            await using var page = await chromium.Open(portal.Url, View.WideLight);
            await page.Go("/");
            await page.UntilInteractive();
            await Expect(page.Page.Locator(".live-state")).ToHaveTextAsync("Live");

            await node.DisposeAsync();
            await Expect(page.Page.Locator(".banner-warn")).ToContainTextAsync("Node offline.");
            await Expect(page.Page.Locator(".round-line .big").First).ToHaveTextAsync("100");
            await page.Keep("overview-offline");
            await page.IsAccessible();

            await using var again = await ScriptedNode.Start(new ScriptedChain(105), port);
            await Expect(page.Page.Locator(".live-state")).ToHaveTextAsync("Live");
            await Expect(page.Page.Locator(".round-line .big").First).ToHaveTextAsync("105");
        }
        finally
        {
            await chromium.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_open_page_finds_a_restarted_portal_again()
    {
        var chromium = new ChromiumFixture();
        await chromium.InitializeAsync();
        try
        {
            await using var node = await ScriptedNode.Start();
            var portal = await PortalUnderTest.Start(node.Url);
            await using var page = await chromium.Open(portal.Url, View.WideDark);
            await page.Go("/");
            await page.UntilInteractive();

            await portal.DisposeAsync();
            var notice = page.Page.Locator("#components-reconnect-modal");
            await Expect(notice).ToBeVisibleAsync();
            await Expect(notice).ToContainTextAsync("The connection to the portal is lost.");
            await page.IsAccessible();
            await page.Keep("portal-lost");

            await using var again = await PortalUnderTest.Start(node.Url, portal.Url.Port);
            await node.Mine();
            await Expect(page.Page.Locator(".round-line .big").First).ToHaveTextAsync("101");
        }
        finally
        {
            await chromium.DisposeAsync();
        }
    }
}
