using Basilisk.Node.Mining;
using Xunit;

namespace Basilisk.Node.Tests.Mining;

public sealed class DutyCycleTests
{
    [Theory]
    [InlineData(0.03)]
    [InlineData(0.25)]
    [InlineData(0.9)]
    public void Work_in_pieces_of_any_size_takes_its_share_of_the_time(double share)
    {
        var duty = new DutyCycle(share, TimeProvider.System);
        var random = new Random(3);
        TimeSpan worked = TimeSpan.Zero, rested = TimeSpan.Zero;
        for (int i = 0; i < 20_000; i++)
        {
            TimeSpan piece = TimeSpan.FromMicroseconds(random.Next(5, 1500));
            duty.Worked(piece);
            worked += piece;
            TimeSpan due = duty.Due;
            duty.Rested(due);
            rested += due;
        }

        Assert.Equal(share, worked / (worked + rested), 0.01);
    }

    [Fact]
    public void A_rest_that_was_cut_short_stays_due()
    {
        var duty = new DutyCycle(0.1, TimeProvider.System);
        duty.Worked(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.FromMilliseconds(180), duty.Due);
        duty.Rested(TimeSpan.FromMilliseconds(80));
        Assert.Equal(TimeSpan.FromMilliseconds(100), duty.Due);
    }

    [Fact]
    public void Work_without_a_limit_never_rests()
    {
        var duty = new DutyCycle(1, TimeProvider.System);
        duty.Worked(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, duty.Due);
    }

    [Fact]
    public void A_thread_that_the_system_held_up_is_not_made_to_rest_for_minutes()
    {
        var duty = new DutyCycle(0.001, TimeProvider.System);
        duty.Worked(TimeSpan.FromMilliseconds(200));
        Assert.Equal(TimeSpan.FromSeconds(2), duty.Due);
    }
}
