using Basilisk.EndToEnd.Tests.Browser;
using Basilisk.Testing.FakeNode;
using Xunit;

namespace Basilisk.EndToEnd.Tests;

/// <summary>What must hold on every page, in both themes, wide and on a phone.</summary>
public sealed class EveryPageTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly string[] Names =
    [
        "overview", "blocks", "block", "transactions", "transaction", "address", "rounds", "round", "round-open", "round-empty",
        "contribution", "quality", "quality-smoothed", "leaderboard", "network", "playground", "search", "not-found",
    ];

    private static readonly string[] Busy = ["overview", "quality", "playground"];

    public static TheoryData<string, string> Pages()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Names)
        {
            // Each theme and each width on every page; all four together where a page has a chart or a live panel.
            foreach (var view in Busy.Contains(name) ? View.All : [View.WideDark, View.PhoneLight])
            {
                data.Add(name, view.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_accessible_fits_and_stays_quiet(string name, string viewName)
    {
        await using var page = await fixture.OpenShared(View.All.Single(view => view.Name == viewName));
        if (name == "overview")
        {
            await fixture.Node.Mine();
        }

        await page.Go(Path(name));
        if (name is "overview" or "playground")
        {
            await page.UntilInteractive();
        }

        await page.Keep(name);
        await page.FitsItsWidth();
        await page.IsAccessible();
        if (name != "not-found")
        {
            page.HasNoComplaints();
        }
    }

    private string Path(string name)
    {
        var chain = fixture.Node.Chain;
        return name switch
        {
            "overview" => "/",
            "block" => $"/blocks/{chain.Blocks[96].Hash}",
            "transaction" => $"/transactions/{ScriptedChain.TransactionHash(96)}",
            "address" => $"/addresses/{ScriptedChain.Miners[0]}",
            "round" => "/rounds/3",
            "round-open" => $"/rounds/{chain.CurrentRound}",
            "round-empty" => "/rounds/1",
            "contribution" => $"/contributions/{chain.Blocks[72].Hash}",
            "quality-smoothed" => "/quality?axis=round&unit=nats&smooth=0.6&last=0",
            "search" => "/search?q=fish",
            "not-found" => "/no/such/page",
            _ => "/" + name,
        };
    }
}
