namespace Basilisk.Chain.Difficulty;

/// <summary>
/// How much of a chain's time counts for its schedule. ASERT keeps an absolute schedule: after a night in which nobody
/// mined, it would ask for thousands of blocks at the easiest target to catch up, and rounds would pass in milliseconds
/// without a contribution. So of a gap between blocks only a half-life counts; the rest is idle time.
/// </summary>
/// <param name="Latest">Latest time of any header so far, Unix seconds: going back and forth makes no gaps.</param>
/// <param name="Idle">Idle time so far, seconds.</param>
public readonly record struct ChainClock(ulong Latest, ulong Idle)
{
    /// <summary>
    /// The time that the schedule is held against, Unix seconds; it never falls. (Against the parent's own time, a miner
    /// who goes back behind a forgiven gap would put the chain hours ahead of schedule and the target at one.)
    /// </summary>
    public ulong Scheduled => Latest - Idle;

    public static ChainClock Genesis(ulong time) => new(time, 0);

    /// <summary>The clock after one more header.</summary>
    /// <param name="time">The header's time, Unix seconds.</param>
    /// <param name="longestGap">Seconds of a gap that count: the half-life.</param>
    public ChainClock Next(ulong time, uint longestGap)
    {
        if (time <= Latest)
        {
            return this;
        }

        ulong gap = time - Latest;
        return new ChainClock(time, Idle + (gap > longestGap ? gap - longestGap : 0));
    }
}
