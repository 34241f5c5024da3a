using Basilisk.Node.Failures;
using Basilisk.Node.Options;
using Xunit;

namespace Basilisk.Node.Tests.Options;

public sealed class ClockOptionsTests
{
    [Fact]
    public void A_shifted_clock_shows_another_time_and_measures_the_same_durations()
    {
        TimeProvider clock = new ClockOptions { OffsetSeconds = -3_600 }.Clock(TimeProvider.System);
        TimeSpan behind = TimeProvider.System.GetUtcNow() - clock.GetUtcNow();
        Assert.InRange(behind.TotalSeconds, 3_590, 3_610);
        Assert.Equal(TimeProvider.System.TimestampFrequency, clock.TimestampFrequency);
        Assert.Same(TimeProvider.System, new ClockOptions().Clock(TimeProvider.System));
    }

    [Theory]
    [InlineData(86_401)]
    [InlineData(-86_401)]
    public void An_offset_of_more_than_a_day_is_refused_with_its_bound(int seconds)
    {
        var error = Assert.Throws<SettingOutOfRangeException>(() => new ClockOptions { OffsetSeconds = seconds }.Validate());
        Assert.Contains("--clock-offset", error.Message, StringComparison.Ordinal);
        Assert.Contains("between -86400 and 86400", error.Message, StringComparison.Ordinal);
    }
}
