namespace Basilisk.Web.Charts;

/// <summary>An axis: its ends and the round numbers on it.</summary>
/// <param name="Least">Value at the start.</param>
/// <param name="Most">Value at the end; above <paramref name="Least"/>.</param>
/// <param name="Ticks">Round numbers between the ends, rising.</param>
/// <param name="Step">Distance between ticks.</param>
public sealed record ChartScale(double Least, double Most, IReadOnlyList<double> Ticks, double Step)
{
    /// <summary>An axis that holds all values, with about <paramref name="wanted"/> ticks at 1, 2 or 5 times a power of ten.</summary>
    /// <param name="values">What must fit.</param>
    /// <param name="wanted">About so many ticks.</param>
    /// <param name="whole">Whether ticks are whole numbers.</param>
    /// <param name="pad">Share of the span left free at each end.</param>
    public static ChartScale Over(IEnumerable<double> values, int wanted, bool whole = false, double pad = 0)
    {
        var least = double.PositiveInfinity;
        var most = double.NegativeInfinity;
        foreach (var value in values.Where(double.IsFinite))
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        if (least > most)
        {
            (least, most) = (0, 1);
        }

        if (least == most)
        {
            var room = least == 0 || whole ? 1 : Math.Abs(least) * 0.05;
            (least, most) = (least - room, most + room);
        }

        var margin = (most - least) * pad;
        (least, most) = (least - margin, most + margin);
        var step = RoundStep((most - least) / Math.Max(1, wanted));
        if (whole)
        {
            step = Math.Max(1, step);
        }

        var ticks = new List<double>();
        for (var k = Math.Ceiling(least / step); k * step <= most + (step * 1e-9); k++)
        {
            // Adding zero turns a negative zero into zero.
            ticks.Add((k * step) + 0.0);
        }

        return new ChartScale(least, most, ticks, step);
    }

    /// <summary>Place of a value along the axis, 0–1.</summary>
    public double Place(double value) => (value - Least) / (Most - Least);

    /// <summary>Format that shows a step's last digit.</summary>
    public string TickFormat => Step >= 1 ? "#,0" : "0." + new string('0', Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 1, 8));

    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
