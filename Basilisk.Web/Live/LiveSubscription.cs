using Basilisk.Web.Hosting;

namespace Basilisk.Web.Live;

/// <summary>
/// One panel's ear. Changes that come faster than the panel may redraw are folded into one later call, and a call never
/// starts before the one before it has ended.
/// </summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<Task> _changed;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly Action<LiveSubscription> _removed;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private DateTimeOffset _earliest = DateTimeOffset.MinValue;
    private bool _scheduled;
    private bool _disposed;

    internal LiveSubscription(Func<Task> changed, TimeSpan interval, TimeProvider time, Action<LiveSubscription> removed, ILogger logger)
    {
        _changed = changed;
        _interval = interval;
        _time = time;
        _removed = removed;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _removed(this);
    }

    internal void Notify()
    {
        lock (_gate)
        {
            if (_disposed || _scheduled)
            {
                return;
            }

            _scheduled = true;
            var wait = _earliest - _time.GetUtcNow();
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task Run()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _earliest = _time.GetUtcNow() + _interval;
            _scheduled = false;
        }

        try
        {
            await _changed();
        }
        catch (ObjectDisposedException)
        {
            // The panel's circuit ended between the change and the redraw: nobody is left to show it to.
            Dispose();
        }
        catch (Exception problem)
        {
            _logger.RedrawFailed(problem);
        }
    }
}
