namespace Basilisk.Node.Tests.Support;

/// <summary>A clock that a test moves by hand; due timers fire inside <see cref="Advance"/>. Thread-safe.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset target = GetUtcNow() + by;
        while (NextDue(target) is { } next)
        {
            next.Fire();
        }

        lock (_gate)
        {
            _now = target;
        }
    }

    /// <summary>Moves the clock second by second until a task is done; the time that took.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Task task, TimeSpan most)
    {
        // The longer it takes the more slowly the clock runs, so that a busy machine keeps up with it.
        DateTimeOffset start = GetUtcNow();
        for (TimeSpan pause = Eventually.Moment; !task.IsCompleted && GetUtcNow() - start < most; pause = pause < Eventually.LongMoment ? pause * 1.1 : pause)
        {
            Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(task, Task.Delay(pause));
        }

        await task.WaitAsync(Eventually.Patience);
        return GetUtcNow() - start;
    }

    private ManualTimer? NextDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            ManualTimer? next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            if (next is not null && next.Due > _now)
            {
                _now = next.Due;
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock._now + dueTime;
                return true;
            }
        }

        public void Fire()
        {
            lock (clock._gate)
            {
                Due = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? DateTimeOffset.MaxValue : Due + _period;
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Waits for what other threads do; how long that takes is never asserted.</summary>
internal static class Eventually
{
    /// <summary>After this a test fails instead of hanging.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public static TimeSpan Moment { get; } = TimeSpan.FromMilliseconds(2);

    public static TimeSpan LongMoment { get; } = TimeSpan.FromMilliseconds(50);

    public static async Task TrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(Moment, patience.Token);
        }
    }

    /// <summary>Lets other threads work for a moment, or until the task is done.</summary>
    public static async Task PauseAsync(Task task) => await Task.WhenAny(task, Task.Delay(Moment));
}
