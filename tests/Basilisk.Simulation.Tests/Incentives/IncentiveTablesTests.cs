using Basilisk.Simulation.Incentives;
using Xunit;

namespace Basilisk.Simulation.Tests.Incentives;

public sealed class IncentiveTablesTests
{
    [Fact]
    public void Tables_are_written_into_their_place_and_again_over_themselves()
    {
        string first = IncentiveTables.WriteInto("", "old");
        Assert.Equal("<!-- tables of `basilisk simulate incentives` -->\n\nold\n\n<!-- end of tables -->\n", first);
        Assert.Equal("before\n" + first.Replace("old", "new", StringComparison.Ordinal) + "after", IncentiveTables.WriteInto("before\n" + first + "after", "new\n"));
    }

    [Fact]
    public void Every_point_has_its_cell()
    {
        var figures = new IncentiveFigures(
            [new StepsPoint(0.25, 0.53, 0.02, 5), new StepsPoint(1, 1, 0.01, 5)],
            [new SplitPoint("linear", 0.5, 10, 1, 0.4, 1, 0.01, 8), new SplitPoint("linear", 0.5, 40, 1, 0.01, 0.99, 0, 8), new SplitPoint("linear", 0.5, 40, 0.25, 0.02, 0.99, 0, 8)],
            [new SelfishPoint("selfish", 2, 0.4, true, 0.75, 0.6, 0.58, 0.55, 0.5, 0.02, 0, 5), new SelfishPoint("rewriting", 0, 0.55, false, 0, 0.9, null, 0.9, 0.9, 0.01, 3.5, 5)]);
        string tables = IncentiveTables.Of(figures);
        Assert.Contains("| linear | 0.5 | 0.40 ± 0.01 | 0.01 ± 0.00 | 0.02 ± 0.00 | 0.99 |", tables, StringComparison.Ordinal);
        Assert.Contains("| times the usual steps | 0.25 | 1 |", tables, StringComparison.Ordinal);
        Assert.Contains("| credit | 0.53 ± 0.02 | 1.00 ± 0.01 |", tables, StringComparison.Ordinal);
        Assert.Contains("| selfish | 2 | 0.40 | fast | 0.75 | 0.60 | 0.58 | 0.55 | 0.50 ± 0.02 | 0 |", tables, StringComparison.Ordinal);
        Assert.Contains("| rewriting | none | 0.55 | common | 0.00 | 0.90 |  | 0.90 | 0.90 ± 0.01 | 3.5 |", tables, StringComparison.Ordinal);
    }
}
