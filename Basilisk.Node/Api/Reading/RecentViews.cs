using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Api.Reading;

/// <summary>
/// The chain's states at its newest heights: wallets ask for balances at the height they last saw. A view shares nearly all its
/// memory with its neighbours, so keeping some is cheap.
/// </summary>
public sealed class RecentViews : IHostedService, IDisposable
{
    /// <summary>Heights below the tip that are answered.</summary>
    public const int Depth = 128;

    private readonly ChainstateService _chainstate;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, ChainView> _views = [];
    private IDisposable? _subscription;

    public RecentViews(ChainstateService chainstate) => _chainstate = chainstate;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = _chainstate.Subscribe(Follow);
        Follow(_chainstate.Current);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>
    /// The state at a height; null where it is above the tip or too old. Where a height inside the window was never seen by itself
    /// (the node started later, or a reorganisation passed over it), the next newer state stands in.
    /// </summary>
    public ChainView? At(long height)
    {
        ChainView current = _chainstate.Current;
        if (height > current.Height || height < current.Height - Depth)
        {
            return null;
        }

        lock (_gate)
        {
            return _views.GetValueOrDefault(height) ?? _views.FirstOrDefault(pair => pair.Key > height).Value ?? current;
        }
    }

    public void Dispose() => _subscription?.Dispose();

    private void Follow(ChainChange change)
    {
        lock (_gate)
        {
            // Blocks put on replace whatever stood at their heights.
            long first = change.View.Height - change.Connected.Count + 1;
            foreach (long stale in _views.Keys.Where(height => height >= first).ToList())
            {
                _views.Remove(stale);
            }
        }

        Follow(change.View);
    }

    private void Follow(ChainView view)
    {
        lock (_gate)
        {
            _views[view.Height] = view;
            while (_views.Count > Depth + 1)
            {
                _views.Remove(_views.Keys.First());
            }
        }
    }
}
