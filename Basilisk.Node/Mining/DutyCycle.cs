namespace Basilisk.Node.Mining;

/// <summary>
/// Holds a thread's work to a share of the time, over any number of pieces of work: what one piece took is rested for before the
/// next, also where a found block or a new template came in between. One thread at a time.
/// </summary>
/// <param name="share">Share of the time to work, above 0, at most 1.</param>
/// <param name="time">The clock.</param>
internal sealed class DutyCycle(double share, TimeProvider time)
{
    // Rests shorter than this would be lost in the scheduler's own delays.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    // What a piece of work takes by the clock counts times in which the system ran something else. A busy machine must not make the
    // thread rest for a minute because of one of them.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    private TimeSpan _owed;

    /// <summary>Rest that is due.</summary>
    public TimeSpan Due => _owed >= Slice * (1 - share) ? _owed : TimeSpan.Zero;

    /// <summary>Adds the rest that a piece of work costs.</summary>
    public void Worked(TimeSpan took)
    {
        if (share < 1)
        {
            _owed = TimeSpan.FromTicks(Math.Min(Most.Ticks, (_owed + (took * ((1 / share) - 1))).Ticks));
        }
    }

    /// <summary>Rests as long as is due, or until cancelled; what is left stays due.</summary>
    public void Rest(CancellationToken cancellation)
    {
        if (Due is { Ticks: > 0 } due)
        {
            long started = time.GetTimestamp();
            cancellation.WaitHandle.WaitOne(due);
            Rested(time.GetElapsedTime(started));
        }
    }

    /// <summary>Takes off rest that was had.</summary>
    public void Rested(TimeSpan rest) => _owed = rest >= _owed ? TimeSpan.Zero : _owed - rest;
}
