using System.Globalization;
using System.Text;

namespace Basilisk.Simulation;

/// <summary>The table of docs/adversaries.md, between its two marks; everything else on the page is left as it is.</summary>
public static class AdversaryTable
{
    private const string Begin = "<!-- adversaries: begin -->";
    private const string End = "<!-- adversaries: end -->";

    /// <summary>
    /// The page with these rows made anew; rows of other attacks stay. The table is put at the end where the page has no marks.
    /// </summary>
    /// <param name="page">The page as it is; may be empty.</param>
    /// <param name="results">A row each.</param>
    /// <param name="command">What made them.</param>
    /// <param name="now">When.</param>
    public static string WriteInto(string page, IReadOnlyList<AttackResult> results, string command, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(results);
        string[] others = [.. Rows(page).Where(row => !results.Any(result => row.StartsWith($"| `{result.Attack}` |", StringComparison.Ordinal)))];
        string table = $"{Begin}\n{Write(results, others, command, now)}{End}";
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? page[..begin] + table + page[(end + End.Length)..]
            : $"{page}{(page.Length == 0 ? "" : "\n")}{table}\n";
    }

    /// <summary>The rows of a page's table.</summary>
    /// <exception cref="FormatException">A row is not one of this table.</exception>
    public static IReadOnlyList<AttackResult> Read(string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page.Contains(Begin, StringComparison.Ordinal)
            ? [.. Rows(page).Select(Row)]
            : throw new FormatException($"The page has no table between {Begin} and {End}.");
    }

    private static IEnumerable<string> Rows(string page)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin ? [] : page[begin..end].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
    }

    private static string Write(IReadOnlyList<AttackResult> results, string[] others, string command, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Made by `{command}` on {now:yyyy-MM-dd}. Shares of one honest participant's pay; ± is the standard error over the seeds.\n\n");
        text.Append("| attack | credit | ± | coins | ± | seeds | prototype | setting |\n|---|---|---|---|---|---|---|---|\n");
        foreach (AttackResult result in results)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{result.Attack}` | {result.CreditRatio:0.000} | {result.StandardError:0.000} | {result.CoinRatio:0.000} | {result.CoinStandardError:0.000} | {result.Seeds} | {PrototypeFigures.Of(result.Attack) ?? "–"} | {result.Setting} |\n");
        }

        foreach (string row in others)
        {
            text.Append(row).Append('\n');
        }

        return text.ToString();
    }

    private static AttackResult Row(string line)
    {
        string[] cells = [.. line.Split('|', StringSplitOptions.TrimEntries)];
        double Number(int cell) => double.Parse(cells[cell], CultureInfo.InvariantCulture);
        return cells.Length < 10
            ? throw new FormatException($"The table has a row of {cells.Length - 2} cells: {line}")
            : new AttackResult(cells[1].Trim('`'), Number(2), Number(4), Number(3), int.Parse(cells[6], CultureInfo.InvariantCulture), Number(5), cells[8]);
    }
}
