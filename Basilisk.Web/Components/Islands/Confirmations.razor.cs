using Basilisk.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Islands;

/// <summary>How many blocks stand on a height, its own included; counts up while the page is open.</summary>
public sealed partial class Confirmations : IDisposable
{
    private LiveSubscription? _subscription;
    private long _count;

    [Inject]
    private LiveFeed Feed { get; set; } = null!;

    /// <summary>The block's height.</summary>
    [Parameter, EditorRequired]
    public long Height { get; set; }

    /// <summary>What the node said when the page was drawn.</summary>
    [Parameter, EditorRequired]
    public long Known { get; set; }

    public void Dispose() => _subscription?.Dispose();

    protected override void OnInitialized()
    {
        _count = Known;
        if (RendererInfo.IsInteractive)
        {
            _subscription = Feed.Subscribe(() => InvokeAsync(Count));
            Count();
        }
    }

    private void Count()
    {
        long count = Feed.State.Status is { } status ? Math.Max(0, status.Height - Height + 1) : _count;
        if (count != _count)
        {
            _count = count;
            StateHasChanged();
        }
    }
}
