using Xunit;

namespace Basilisk.Simulation.Tests;

public sealed class AdversaryTableTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);

    private static readonly AttackResult[] Results =
    [
        new("noise", 0.001, 0.002, 0.0005, 5, 0.0006, "six honest"),
        new("backdoor", 0.61, 0.9, 0.03, 5, 0.04, "six honest; live"),
    ];

    [Fact]
    public void A_written_table_is_read_back_as_it_was()
    {
        IReadOnlyList<AttackResult> read = AdversaryTable.Read(AdversaryTable.WriteInto("# Title\n", Results, "./basilisk simulate adversaries", Day));
        Assert.Equal(Results.Select(result => (result.Attack, result.Seeds, result.Setting)), read.Select(result => (result.Attack, result.Seeds, result.Setting)));
        Assert.All(Results.Zip(read), pair => Assert.Equal(pair.First.CreditRatio, pair.Second.CreditRatio, 0.0006));
        Assert.All(Results.Zip(read), pair => Assert.Equal(pair.First.CoinStandardError, pair.Second.CoinStandardError, 0.0006));
    }

    [Fact]
    public void Writing_again_replaces_its_rows_and_leaves_the_others_and_the_text()
    {
        string once = AdversaryTable.WriteInto("# Title\nbefore\n", Results, "first command", Day) + "after\n";
        string twice = AdversaryTable.WriteInto(once, [Results[0] with { CreditRatio = 0.5 }], "second command", Day);
        Assert.StartsWith("# Title\nbefore\n", twice, StringComparison.Ordinal);
        Assert.EndsWith("after\n", twice, StringComparison.Ordinal);
        Assert.DoesNotContain("first command", twice, StringComparison.Ordinal);
        Assert.Equal([("noise", 0.5), ("backdoor", 0.61)], AdversaryTable.Read(twice).Select(result => (result.Attack, result.CreditRatio)));
    }

    [Fact]
    public void A_page_without_a_table_is_refused() => Assert.Throws<FormatException>(() => AdversaryTable.Read("# Title"));
}
