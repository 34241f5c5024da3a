using System.Globalization;
using System.Text;

namespace Basilisk.Simulation.Incentives;

/// <summary>The figures as the Markdown tables of docs/incentives.md.</summary>
public static class IncentiveTables
{
    /// <summary>In a document, what lies between these is the command's.</summary>
    private const string Begin = "<!-- tables of `basilisk simulate incentives` -->";
    private const string End = "<!-- end of tables -->";

    /// <summary>Three tables under their headings.</summary>
    public static string Of(IncentiveFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var text = new StringBuilder();
        Splits(text, figures.Splits);
        Steps(text, figures.Steps);
        Selfish(text, figures.Selfish);
        return text.ToString();
    }

    /// <summary>A document with the tables in their place; where it has no such place, the tables alone, between the marks.</summary>
    public static string WriteInto(string document, string tables)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(tables);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : document.IndexOf(End, begin, StringComparison.Ordinal);
        string marked = $"{Begin}\n\n{tables.TrimEnd()}\n\n{End}";
        return end < 0 ? marked + "\n" : document[..begin] + marked + document[(end + End.Length)..];
    }

    private static void Splits(StringBuilder text, IReadOnlyList<SplitPoint> points)
    {
        text.Append("### Share of all machines that trains, by kappa\n\n");
        text.Append("| credit | kappa | after 10 steps | 20 | 40 | smallest miner | middle | largest | minted / mined |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (IGrouping<(string, double), SplitPoint> group in points.GroupBy(point => (point.Curve, point.Kappa)))
        {
            SplitPoint[] all = [.. group.Where(point => point.MinerShare == 1).OrderBy(point => point.Step)];
            SplitPoint[] miners = [.. group.Where(point => point.MinerShare != 1).OrderBy(point => point.MinerShare)];
            string cells = string.Join(" | ", all.Concat(miners).Select(point => Share(point.TrainingShare, point.Stderr)));
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key.Item1} | {group.Key.Item2} | {cells} | {all[^1].MintedShare:0.00} |\n");
        }

        text.Append('\n');
    }

    private static void Steps(StringBuilder text, IReadOnlyList<StepsPoint> points)
    {
        text.Append("### Credit of a unit by its steps\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| times the usual steps | {string.Join(" | ", points.Select(point => point.Steps.ToString(CultureInfo.InvariantCulture)))} |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---|", points.Count))}\n");
        text.Append(CultureInfo.InvariantCulture, $"| credit | {string.Join(" | ", points.Select(point => Share(point.Credit, point.Stderr)))} |\n\n");
    }

    private static void Selfish(StringBuilder text, IReadOnlyList<SelfishPoint> points)
    {
        text.Append("### Hiding blocks\n\n");
        text.Append("| strategy | F | machines | link | gamma | blocks | by formula | credit | coins | switches refused |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (SelfishPoint point in points)
        {
            string finality = point.Finality == 0 ? "none" : point.Finality.ToString(CultureInfo.InvariantCulture);
            string expected = point.ExpectedBlockShare is { } share ? share.ToString("0.00", CultureInfo.InvariantCulture) : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {point.Strategy} | {finality} | {point.MinerShare:0.00} | {(point.FastLink ? "fast" : "common")} | {point.Gamma:0.00} | {point.BlockShare:0.00} | {expected} | {point.CreditShare:0.00} | {Share(point.CoinShare, point.Stderr)} | {point.SwitchesRefused:0.#} |\n");
        }
    }

    private static string Share(double value, double error) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ± {error:0.00}");
}
