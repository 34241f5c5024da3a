using Basilisk.Simulation.Incentives;
using Basilisk.Simulation.World;
using Xunit;

namespace Basilisk.Simulation.Tests.Incentives;

/// <summary>The reward curve comes from real training and settlement.</summary>
public sealed class StepsStudyTests
{
    [Fact]
    public void A_quarter_of_the_steps_earns_something_and_less_than_all()
    {
        SmallNetwork world = SmallNetwork.Create(StepsStudy.World with { Depth = 1, Context = 32, PaidWindows = 48, TextBytes = 400_000 }, CancellationToken.None);
        IReadOnlyList<StepsPoint> points = new StepsStudy(world, rounds: 6).Measure(seeds: 1, null, CancellationToken.None);
        Assert.Equal(StepsStudy.Multiples, points.Select(point => point.Steps));
        Assert.InRange(points[2].Credit, 0.5, 1.5); // one like the others; of one seed and few judged tokens
        Assert.InRange(points[0].Credit, 0.05, 0.9 * points[2].Credit);
    }
}
