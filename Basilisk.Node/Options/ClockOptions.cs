namespace Basilisk.Node.Options;

/// <summary>The clock that header times are made and judged by.</summary>
public sealed class ClockOptions
{
    /// <summary>Seconds to add to this machine's clock: for a machine whose clock is wrong and cannot be set.</summary>
    public int OffsetSeconds { get; set; }

    /// <summary>The clock to run by.</summary>
    public TimeProvider Clock(TimeProvider machine) => OffsetSeconds == 0 ? machine : new ShiftedClock(machine, TimeSpan.FromSeconds(OffsetSeconds));

    public void Validate() => Check.Range("Clock:OffsetSeconds (--clock-offset)", OffsetSeconds, -86_400, 86_400);
}

/// <summary>Another clock, some time ahead or behind. What only measures durations is the same.</summary>
internal sealed class ShiftedClock(TimeProvider machine, TimeSpan offset) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + offset;

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);
}
