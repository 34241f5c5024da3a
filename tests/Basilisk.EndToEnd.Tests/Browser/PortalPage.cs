using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Basilisk.EndToEnd.Tests.Browser;

/// <summary>A browser page on the portal, with the checks every page must pass.</summary>
public sealed class PortalPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly View _view;
    private readonly bool _ownsContext;
    private readonly ConcurrentQueue<string> _complaints = new();

    internal PortalPage(IBrowserContext context, IPage page, View view, bool ownsContext)
    {
        _context = context;
        _view = view;
        _ownsContext = ownsContext;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors in the browser's console and uncaught script errors, content-security violations among them.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ILocator Heading => Page.Locator("h1");

    public ILocator SearchBox => Page.Locator("#search-box");

    public Task Go(string path) => Page.GotoAsync(path);

    /// <summary>Waits until the page's live or chat panel answers to clicks.</summary>
    public Task UntilInteractive() => Page.Locator("[data-interactive='true']").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });

    /// <summary>Keeps a picture of the whole page under artifacts/screenshots.</summary>
    public async Task Keep(string name)
    {
        Directory.CreateDirectory(BuildFacts.Screenshots);
        await Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(BuildFacts.Screenshots, $"{name}-{_view.Name}.png"),
            FullPage = true,
            Animations = ScreenshotAnimations.Disabled,
        });
    }

    /// <summary>No accessibility violation that axe knows of.</summary>
    public async Task IsAccessible()
    {
        var found = await Page.RunAxe();
        Assert.True(found.Violations.Length == 0, $"{Page.Url} ({_view.Name}): " + string.Join(Environment.NewLine, found.Violations.Select(violation =>
            $"{violation.Id} ({violation.Impact}): {violation.Help}: {string.Join(" | ", violation.Nodes.Take(4).Select(node => $"{node.Target} {node.Html}"))}")));
    }

    /// <summary>The page fits its width: nothing to scroll sideways to.</summary>
    public async Task FitsItsWidth()
    {
        var over = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{Page.Url} is {over} px wider than {_view.Width} px");
    }

    public void HasNoComplaints() => Assert.True(_complaints.IsEmpty, $"{Page.Url}: {string.Join(Environment.NewLine, _complaints)}");

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        if (_ownsContext)
        {
            await _context.DisposeAsync();
        }
    }
}
