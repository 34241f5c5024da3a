using System.Globalization;
using System.Text;
using System.Text.Json;
using Basilisk.Web.Formatting;

namespace Basilisk.Web.Charts;

/// <summary>Places a <see cref="ChartModel"/> in a box of 1000 × 1000 units; the browser stretches it to the page.</summary>
public sealed class ChartDrawing
{
    private const double Box = 1000;

    public ChartDrawing(ChartModel model)
    {
        Series = [.. model.Series.Where(series => series.Points.Count > 0)
            .Select(series => series with { Points = Smoothing.Thin(series.Points, ChartModel.MostPoints) })];
        X = ChartScale.Over(Series.SelectMany(series => series.Points.Select(point => point.X)), 6, whole: true);
        Y = ChartScale.Over(
            Series.SelectMany(series => series.Points.Select(point => point.Y))
                .Concat(model.YFloor is { } floor ? [floor] : []).Concat(model.YCeiling is { } ceiling ? [ceiling] : []),
            5,
            pad: model.YFloor is null ? 0.06 : 0);
        Model = model;
    }

    public ChartModel Model { get; }

    public IReadOnlyList<ChartSeries> Series { get; }

    public ChartScale X { get; }

    public ChartScale Y { get; }

    /// <summary>False where there is no point at all.</summary>
    public bool HasPoints => Series.Count > 0;

    /// <summary>The line of one series. A single point becomes a dot (a line of no length with a round cap).</summary>
    public string Path(ChartSeries series)
    {
        var path = new StringBuilder();
        for (var i = 0; i < series.Points.Count; i++)
        {
            ChartPath.Append(path, i == 0 ? 'M' : 'L', Across(series.Points[i].X), Down(series.Points[i].Y));
        }

        return series.Points.Count == 1 ? path.Append("h0").ToString() : path.ToString();
    }

    /// <summary>Distance of a vertical tick from the left, percent.</summary>
    public string Left(double x) => Percent(X.Place(x));

    /// <summary>Distance of a horizontal tick from the top, percent.</summary>
    public string Top(double y) => Percent(1 - Y.Place(y));

    public double Across(double x) => Box * X.Place(x);

    public double Down(double y) => Box * (1 - Y.Place(y));

    public string XTick(double x) => Model.XIsTime
        ? DateTimeOffset.FromUnixTimeSeconds((long)x).UtcDateTime.ToString(X.Most - X.Least > 172_800 ? "MM-dd" : "HH:mm", CultureInfo.InvariantCulture)
        : x.ToString(X.TickFormat, CultureInfo.InvariantCulture);

    public string YTick(double y) => y.ToString(Y.TickFormat, CultureInfo.InvariantCulture);

    /// <summary>What portal.js reads out under the pointer: names, texts and places of every point.</summary>
    public string ReadOut() => JsonSerializer.Serialize(
        Series.Where(series => !series.Style.Contains("faint", StringComparison.Ordinal)).Select(series => new
        {
            name = series.Name,
            style = series.Style,
            points = series.Points.Select(point => new object[]
            {
                Math.Round(X.Place(point.X), 4),
                Math.Round(1 - Y.Place(point.Y), 4),
                Model.XIsTime ? Times.Absolute(DateTimeOffset.FromUnixTimeSeconds((long)point.X)) : Numbers.Count((long)point.X),
                point.Y.ToString(Model.YFormat, CultureInfo.InvariantCulture),
            }),
        }));

    /// <summary>The chart in one sentence, for those who cannot see it.</summary>
    public string Describe()
    {
        if (!HasPoints)
        {
            return $"{Model.Title}: no points yet";
        }

        var parts = Series.Where(series => !series.Style.Contains("faint", StringComparison.Ordinal)).Select(series =>
            $"{series.Name} from {Value(series.Points[0])} to {Value(series.Points[^1])}");
        return $"{Model.Title}: {string.Join("; ", parts)}. Every value is in the table.";

        string Value(ChartPoint point) => point.Y.ToString(Model.YFormat, CultureInfo.InvariantCulture);
    }

    private static string Percent(double place) => (place * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
