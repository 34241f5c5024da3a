using Basilisk.Simulation.Settlement;
using Xunit;

namespace Basilisk.Simulation.Tests;

/// <summary>The committed table of docs/adversaries.md meets the bars of the settlement's attacks, with seeds enough to say so.</summary>
public sealed class AdversaryPageTests
{
    private static readonly string Page = File.ReadAllText(FileOf("adversaries.md"));

    private static readonly IReadOnlyList<AttackResult> Rows = AdversaryTable.Read(Page);

    [Fact]
    public void Every_attack_on_the_settlement_has_a_row_of_five_seeds_or_more()
    {
        Assert.Equal(new SettlementStudy().Attacks.Order(), Rows.Select(row => row.Attack).Intersect(new SettlementStudy().Attacks).Order());
        Assert.All(Of(AttackKind.Control, AttackKind.Workless, AttackKind.OneWork, AttackKind.LessWork), row => Assert.True(row.Seeds >= 5, $"{row.Attack}: {row.Seeds} seeds"));
    }

    [Fact]
    public void Noise_and_every_copy_of_something_public_earn_less_than_a_hundredth() =>
        Assert.Empty(Of(AttackKind.Workless).Where(row => row.CreditRatio >= 0.01 || row.CoinRatio >= 0.01).Select(row => $"{row.Attack}: {row.CreditRatio}, {row.CoinRatio}"));

    [Fact]
    public void One_participants_work_earns_no_more_than_one_honest_share_within_its_error()
    {
        AttackResult honest = Rows.Single(row => row.Attack == "honest-seventh");
        Assert.Empty(Of(AttackKind.OneWork)
            .Where(row => row.CreditRatio > Math.Max(1, honest.CreditRatio) + (3 * Math.Sqrt((row.StandardError * row.StandardError) + (honest.StandardError * honest.StandardError))))
            .Select(row => $"{row.Attack}: {row.CreditRatio} ±{row.StandardError} against {honest.CreditRatio} ±{honest.StandardError}"));
    }

    [Fact]
    public void Less_work_earns_less()
    {
        double[] credit = [.. new[] { "honest-seventh", "lazy-half", "lazy-quarter", "lazy-eighth" }.Select(name => Rows.Single(row => row.Attack == name).CreditRatio)];
        Assert.Equal(credit.OrderDescending(), credit);
    }

    private static IEnumerable<AttackResult> Of(params AttackKind[] kinds) =>
        Rows.Where(row => new SettlementStudy().Attacks.Contains(row.Attack) && kinds.Contains(SettlementStudy.KindOf(row.Attack)));

    private static string FileOf(string page)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Basilisk.sln")))
            {
                return Path.Combine(folder.FullName, "docs", page);
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Basilisk.sln.");
    }
}
