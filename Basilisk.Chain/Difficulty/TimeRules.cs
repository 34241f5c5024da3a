using System.Collections.Immutable;

namespace Basilisk.Chain.Difficulty;

/// <summary>Rules on a block's time. "Now" is handed in: the rules read no clock.</summary>
public static class TimeRules
{
    /// <summary>Times that the median is taken of, the parent's and those before it.</summary>
    public const int MedianWindow = 11;

    /// <summary>
    /// Median of the last (at most 11) times, Unix seconds. Near genesis there are fewer; of an even number the upper
    /// middle is taken, as Bitcoin does.
    /// </summary>
    /// <param name="recentTimes">Times of the parent and its ancestors, at least one, in any order.</param>
    public static ulong MedianPast(ImmutableArray<ulong> recentTimes)
    {
        ImmutableArray<ulong> sorted = recentTimes.Sort();
        return sorted[sorted.Length / 2];
    }

    /// <summary>The window after one more block: the newest time last, at most 11.</summary>
    public static ImmutableArray<ulong> Append(ImmutableArray<ulong> recentTimes, ulong time) =>
        (recentTimes.Length < MedianWindow ? recentTimes : recentTimes.RemoveAt(0)).Add(time);

    /// <summary>The least time a block on top of these may have.</summary>
    public static ulong EarliestNext(ImmutableArray<ulong> recentTimes) => MedianPast(recentTimes) + 1;

    /// <summary>Whether a block's time lies too far ahead of a node's clock.</summary>
    public static bool IsTooFarAhead(ulong time, ulong now, uint futureLimit) => time > now && time - now > futureLimit;
}
