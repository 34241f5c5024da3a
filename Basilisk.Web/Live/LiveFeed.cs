using Basilisk.Contracts.Live;
using Basilisk.Web.Configuration;
using Microsoft.Extensions.Options;

namespace Basilisk.Web.Live;

/// <summary>
/// The one broadcaster of this process: holds the live state and tells subscribers when it changed.
/// The worker writes, any number of panels read.
/// </summary>
public sealed class LiveFeed : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<LiveSubscription> _subscriptions = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _renderInterval;
    private readonly ILogger<LiveFeed> _logger;
    private readonly ITimer _staleWatch;
    private volatile LiveState _state = LiveState.Empty;
    private bool _wasStale;

    public LiveFeed(TimeProvider time, IOptions<PortalOptions> options, ILogger<LiveFeed> logger)
    {
        _time = time;
        _logger = logger;
        _renderInterval = TimeSpan.FromSeconds(1 / options.Value.RendersPerSecond);
        _staleWatch = time.CreateTimer(_ => WatchStaleness(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>What is known now.</summary>
    public LiveState State => _state;

    /// <summary>The clock that <see cref="LiveState.ReceivedAt"/> was read from.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Calls <paramref name="changed"/> after changes, at most a few times a second, until disposed.</summary>
    public LiveSubscription Subscribe(Func<Task> changed)
    {
        var subscription = new LiveSubscription(changed, _renderInterval, _time, Remove, _logger);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    /// <summary>Starts anew from a snapshot.</summary>
    public void Replace(LiveSnapshot snapshot) => Publish(_state.With(snapshot, Now));

    /// <summary>Takes the next numbered message over.</summary>
    public void Apply(LiveDelta delta) => Publish(_state.With(delta, Now));

    /// <summary>Marks the connection as broken; the data stay.</summary>
    public void Lose(string problem) => Publish(_state.Lost(problem));

    public void Dispose() => _staleWatch.Dispose();

    private void Publish(LiveState state)
    {
        _state = state;
        LiveSubscription[] listeners;
        lock (_gate)
        {
            listeners = [.. _subscriptions];
        }

        foreach (var listener in listeners)
        {
            listener.Notify();
        }
    }

    /// <summary>Silence is news too: panels turn grey although no message came.</summary>
    private void WatchStaleness()
    {
        var stale = _state.IsStale(Now);
        if (stale != _wasStale)
        {
            _wasStale = stale;
            Publish(_state);
        }
    }

    private void Remove(LiveSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}
