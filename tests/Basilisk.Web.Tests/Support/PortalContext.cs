using Basilisk.Testing.FakeNode;
using Basilisk.Web.Hosting;
using Basilisk.Web.Live;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Basilisk.Web.Tests.Support;

/// <summary>Renders the portal's components with the portal's own services, against a scripted node over real HTTP.</summary>
public abstract class PortalContext : IAsyncLifetime
{
    protected BunitContext Bunit { get; } = new();

    protected ScriptedNode Node { get; private set; } = null!;

    /// <summary>What the page would answer to the browser.</summary>
    protected DefaultHttpContext Http { get; } = new();

    protected LiveFeed Feed => Bunit.Services.GetRequiredService<LiveFeed>();

    public async ValueTask InitializeAsync()
    {
        Node = await ScriptedNode.Start();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Portal:NodeUrl"] = Node.Url.ToString() }).Build();
        Bunit.JSInterop.Mode = JSRuntimeMode.Loose;
        Bunit.Services.AddPortal(configuration);
        Bunit.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    public async ValueTask DisposeAsync()
    {
        await Bunit.DisposeAsync();
        await Node.DisposeAsync();
    }

    /// <summary>Renders a page and waits until it has its answer.</summary>
    protected IRenderedComponent<TPage> Page<TPage>(Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        var page = Bunit.Render<TPage>(builder =>
        {
            builder.AddCascadingValue<HttpContext>(Http);
            parameters?.Invoke(builder);
        });
        page.WaitForElement("h1", TimeSpan.FromSeconds(20));
        return page;
    }
}
