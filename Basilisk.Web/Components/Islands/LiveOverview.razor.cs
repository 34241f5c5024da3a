using Basilisk.Contracts.NodeStatus;
using Basilisk.Web.Formatting;
using Basilisk.Web.Live;
using Basilisk.Web.Nodes;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Islands;

public sealed partial class LiveOverview : IDisposable
{
    private readonly OverviewModel _model = new();
    private readonly Digest _digest = new();
    private LiveSubscription? _subscription;
    private NetworkView? _network;

    [Inject]
    private LiveFeed Feed { get; set; } = null!;

    [Inject]
    private NetworkCache Networks { get; set; } = null!;

    /// <summary>False only in the first moment of the process, before the hub connected or refused.</summary>
    private bool _feedAnswered => Feed.State is { Connected: true } or { Problem: not null };

    public void Dispose() => _subscription?.Dispose();

    protected override async Task OnInitializedAsync()
    {
        _model.Follow(Feed.State, Feed.Now);
        if (RendererInfo.IsInteractive)
        {
            _subscription = Feed.Subscribe(() => InvokeAsync(Redraw));
        }

        _network = await Networks.Get();
    }

    private void Redraw()
    {
        _model.Follow(Feed.State, Feed.Now);
        if (!_model.Paused)
        {
            _digest.Update(_model.Shown, Feed.Now);
        }

        StateHasChanged();
    }

    private void TogglePause()
    {
        if (_model.Paused)
        {
            _model.Resume(Feed.State, Feed.Now);
        }
        else
        {
            _model.Pause();
        }
    }

    private static string Mining(MiningView mining) =>
        !mining.Active ? "off"
        : mining.Waiting is { } reason ? $"waits: {Words.Token(reason)}"
        : $"{Numbers.Count(mining.BlocksFound)} found, {Numbers.Percent(mining.DutyCycle)} duty";
}
