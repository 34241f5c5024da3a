using System.Globalization;
using System.Text.RegularExpressions;
using Basilisk.Contracts.NodeStatus;
using Basilisk.EndToEnd.Tests.Browser;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Basilisk.EndToEnd.Tests;

/// <summary>Node and portal, both real: a person watches the chain grow, follows a block to its gain, and talks to the model.</summary>
public sealed partial class RealNodeTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task A_person_follows_the_chain_from_the_overview_to_a_settled_round_and_talks_to_the_model()
    {
        await using var node = await NodeUnderTest.Start();
        await using var portal = await PortalUnderTest.Start(node.Url);
        await using var page = await chromium.Open(portal.Url, View.WideLight);
        StatusView settled = await node.Until(status => status.LastRound is { Settled: true });

        await page.Go("/");
        await page.UntilInteractive();
        ILocator height = page.Page.Locator(".round-line .big").First;
        long first = long.Parse((await height.InnerTextAsync()).Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        await node.Until(status => status.Height > first + 2);
        await Expect(height).Not.ToHaveTextAsync(first.ToString("N0", CultureInfo.InvariantCulture));
        await page.Keep("real-overview");

        await page.Go("/rounds/" + settled.LastRound!.Number.ToString(CultureInfo.InvariantCulture));
        await Expect(page.Heading).ToContainTextAsync("Round");
        await page.Page.Locator("a[href^='/contributions/0x']").First.ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(ContributionUrl());
        await Expect(page.Heading).ToContainTextAsync("ontribution");
        await page.Keep("real-contribution");
        await page.IsAccessible();

        foreach (string path in new[] { "/blocks", "/blocks/1", "/transactions", "/leaderboard", "/quality", "/network" })
        {
            await page.Go(path);
            await Expect(page.Heading).ToBeVisibleAsync();
            Assert.Equal(0, await page.Page.Locator(".banner-bad").CountAsync());
        }

        await page.Go("/playground");
        await page.UntilInteractive();
        await page.Page.Locator("#question").FillAsync("Hello!");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator(".stamp a")).ToHaveAttributeAsync("href", BlockLink(), new() { Timeout = 30_000 });
        await page.Keep("real-playground");
        page.HasNoComplaints();
    }

    [GeneratedRegex("/contributions/0x[0-9a-f]{64}")]
    private static partial Regex ContributionUrl();

    [GeneratedRegex("/blocks/[0-9]+")]
    private static partial Regex BlockLink();
}
