using System.Globalization;

namespace Basilisk.Node.Cli.Bench;

/// <summary>One figure of a benchmark, as <c>bench --json</c> prints it.</summary>
/// <param name="Bench">gemm, train, judge, mine, signatures, store, sync, network, start or decode.</param>
/// <param name="Metric">What was measured, sizes and threads included.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Baseline">The peer's figure in the same run; null where there is no peer here.</param>
/// <param name="Ratio">Value over baseline.</param>
/// <param name="Peer">Whom the baseline belongs to.</param>
/// <param name="Note">How a figure was computed, where that is not plain.</param>
internal sealed record BenchLine(
    string Bench, string Metric, double Value, string Unit, double? Baseline = null, double? Ratio = null, string? Peer = null, string? Note = null)
{
    public void Print(bool json)
    {
        if (json)
        {
            JsonLine.Write(this with { Value = Rounded(Value), Baseline = Baseline is { } b ? Rounded(b) : null, Ratio = Ratio is { } r ? Rounded(r) : null });
            return;
        }

        string peer = Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"   {ratio:0.00} x {Peer} ({Baseline:#,0.##})") : "";
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Bench,-10} {Metric,-72} {Value,14:#,0.####} {Unit}{peer}{(Note is null ? "" : $"   [{Note}]")}"));
    }

    private static double Rounded(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(5 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12));
}
