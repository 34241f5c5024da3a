using Basilisk.Testing.FakeNode;
using Xunit;

namespace Basilisk.EndToEnd.Tests.Browser;

/// <summary>Chromium, the real portal, and a scripted node behind it.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private readonly ChromiumFixture _chromium = new();

    public ScriptedNode Node { get; private set; } = null!;

    public PortalUnderTest Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _chromium.InitializeAsync();
        Node = await ScriptedNode.Start(new ScriptedChain(230));
        Portal = await PortalUnderTest.Start(Node.Url);
    }

    public Task<PortalPage> Open(View view) => _chromium.Open(Portal.Url, view);

    /// <inheritdoc cref="ChromiumFixture.OpenShared" />
    public Task<PortalPage> OpenShared(View view) => _chromium.OpenShared(Portal.Url, view);

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Node.DisposeAsync();
        await _chromium.DisposeAsync();
    }
}
