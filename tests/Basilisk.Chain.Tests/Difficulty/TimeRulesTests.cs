using System.Collections.Immutable;
using Basilisk.Chain.Difficulty;
using Xunit;

namespace Basilisk.Chain.Tests.Difficulty;

public sealed class TimeRulesTests
{
    [Fact]
    public void The_median_is_the_sixth_of_eleven_whatever_their_order()
    {
        ImmutableArray<ulong> times = [50, 10, 30, 20, 110, 70, 60, 80, 100, 90, 40];
        Assert.Equal(60UL, TimeRules.MedianPast(times));
        Assert.Equal(61UL, TimeRules.EarliestNext(times));
    }

    [Fact]
    public void The_window_keeps_the_newest_eleven()
    {
        ImmutableArray<ulong> times = [];
        for (ulong time = 1; time <= 30; time++)
        {
            times = TimeRules.Append(times, time);
        }

        Assert.Equal([20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30], times);
    }

    [Theory]
    [InlineData(100, 100, false)]
    [InlineData(115, 100, false)]
    [InlineData(116, 100, true)]
    [InlineData(0, 100, false)]
    [InlineData(ulong.MaxValue, 100, true)]
    public void A_time_may_lie_as_far_ahead_as_the_limit(ulong time, ulong now, bool tooFar) =>
        Assert.Equal(tooFar, TimeRules.IsTooFarAhead(time, now, 15));
}
