using Basilisk.EndToEnd.Tests.Browser;
using Xunit;

namespace Basilisk.EndToEnd.Tests;

/// <summary>What must hold on every page, in both themes, wide and on a phone.</summary>
public sealed class EveryPageTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    public static TheoryData<string, string> Pages()
    {
        var data = new TheoryData<string, string>();
        foreach (var view in View.All)
        {
            data.Add("overview", view.Name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_accessible_fits_and_stays_quiet(string name, string viewName)
    {
        await using var page = await fixture.Open(View.All.Single(view => view.Name == viewName));
        await page.Go(Path(name));
        if (name is "overview" or "playground")
        {
            await page.UntilInteractive();
        }

        await page.Keep(name);
        await page.FitsItsWidth();
        await page.IsAccessible();
        page.HasNoComplaints();
    }

    private string Path(string name) => name switch
    {
        "overview" => "/",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such page"),
    };
}
