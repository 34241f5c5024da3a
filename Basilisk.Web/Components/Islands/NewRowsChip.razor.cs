using Basilisk.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Islands;

/// <summary>Counts what came after the page was drawn; the page itself stands still until its reader asks.</summary>
public sealed partial class NewRowsChip : IDisposable
{
    private LiveSubscription? _subscription;
    private long _newer;

    [Inject]
    private LiveFeed Feed { get; set; } = null!;

    /// <summary>The list's address.</summary>
    [Parameter, EditorRequired]
    public string Page { get; set; } = "";

    /// <summary>Height of the newest row drawn.</summary>
    [Parameter, EditorRequired]
    public long Known { get; set; }

    /// <summary>What one row is.</summary>
    [Parameter, EditorRequired]
    public string Noun { get; set; } = "";

    public void Dispose() => _subscription?.Dispose();

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
        {
            _subscription = Feed.Subscribe(() => InvokeAsync(Count));
            Count();
        }
    }

    private void Count()
    {
        var newer = Math.Max(0, (Feed.State.Status?.Height ?? Known) - Known);
        if (newer != _newer)
        {
            _newer = newer;
            StateHasChanged();
        }
    }
}
