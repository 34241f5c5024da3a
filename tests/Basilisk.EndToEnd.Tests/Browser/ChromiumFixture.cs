using Microsoft.Playwright;
using Xunit;

namespace Basilisk.EndToEnd.Tests.Browser;

/// <summary>How a page is looked at.</summary>
/// <param name="Name">In the names of screenshots.</param>
/// <param name="Width">CSS pixels.</param>
/// <param name="Height">CSS pixels.</param>
/// <param name="Dark">Which of the two themes.</param>
public sealed record View(string Name, int Width, int Height, bool Dark)
{
    public static View WideLight { get; } = new("1440-light", 1440, 900, false);

    public static View WideDark { get; } = new("1440-dark", 1440, 900, true);

    public static View PhoneLight { get; } = new("360-light", 360, 780, false);

    public static View PhoneDark { get; } = new("360-dark", 360, 780, true);

    public static IReadOnlyList<View> All { get; } = [WideLight, WideDark, PhoneLight, PhoneDark];
}

/// <summary>One Chromium for all browser tests. Where the machine has none, they are skipped and say so.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Dictionary<View, IBrowserContext> _shared = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Environment variable that names another browser.</summary>
    public const string PathVariable = "BASILISK_CHROMIUM";

    private static string? ExecutablePath =>
        Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named ? named : Places.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (ExecutablePath is not { } path)
        {
            return;
        }

        // A machine that trains a model beside the browser is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            ChromiumSandbox = false,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page with its own cookies. Skips the test where there is no Chromium.</summary>
    public async Task<PortalPage> Open(Uri portal, View view)
    {
        var context = await Context(portal, view);
        return new PortalPage(context, await context.NewPageAsync(), view, ownsContext: true);
    }

    /// <summary>A page that shares cookies and cached files with others of the same view: quick, for tests that change neither.</summary>
    public async Task<PortalPage> OpenShared(Uri portal, View view)
    {
        if (!_shared.TryGetValue(view, out var context))
        {
            _shared[view] = context = await Context(portal, view);
        }

        return new PortalPage(context, await context.NewPageAsync(), view, ownsContext: false);
    }

    private async Task<IBrowserContext> Context(Uri portal, View view)
    {
        if (_browser is null)
        {
            Assert.Skip($"No Chromium found ({string.Join(", ", Places)}): install the package chromium, or set {PathVariable}.");
        }

        return await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(),
            ViewportSize = new ViewportSize { Width = view.Width, Height = view.Height },
            ColorScheme = view.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "UTC",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
