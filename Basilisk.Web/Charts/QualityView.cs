using System.Globalization;
using Basilisk.Contracts.Model;

namespace Basilisk.Web.Charts;

/// <summary>How the quality charts are asked for; lives in the page's address, so that a view can be shared.</summary>
/// <param name="Axis">height, round or time.</param>
/// <param name="Unit">nats or bits.</param>
/// <param name="Smooth">Weight of the exponential moving average, 0 to 0.99; 0 draws the raw line alone.</param>
/// <param name="Last">Only the newest so many points; 0 for all.</param>
public sealed record QualityView(string Axis, string Unit, double Smooth, int Last)
{
    public static IReadOnlyList<string> Axes { get; } = ["height", "round", "time"];

    public static IReadOnlyList<double> Weights { get; } = [0, 0.6, 0.9];

    public static IReadOnlyList<int> Spans { get; } = [0, 200, 50];

    /// <summary>Reads the address; whatever is missing or makes no sense becomes the default.</summary>
    public static QualityView Read(string? axis, string? unit, string? smooth, int? last) => new(
        axis is "round" or "time" ? axis : "height",
        unit is "bits" ? unit : "nats",
        double.TryParse(smooth, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && weight is >= 0 and <= 0.99 ? weight : 0,
        Math.Clamp(last ?? 0, 0, 100_000));

    /// <summary>The loss chart of this view.</summary>
    public ChartModel Losses(IReadOnlyList<QualityPoint> points)
    {
        var shown = Newest(points);
        var bits = Unit == "bits";
        List<ChartSeries> series = bits
            ? [new ChartSeries("Holdout", "s1", [.. shown.Select(point => new ChartPoint(Across(point), point.HoldoutBitsPerByte))])]
            :
            [
                new ChartSeries("Holdout loss", "s1", [.. shown.Select(point => new ChartPoint(Across(point), point.HoldoutLoss))]),
                new ChartSeries("Training loss", "s2", [.. shown.Select(point => new ChartPoint(Across(point), point.TrainingLoss))]),
            ];
        return new ChartModel(
            bits ? "Holdout bits per byte" : "Loss", XLabel, bits ? "bits per byte" : "nats per token", [.. series.SelectMany(Smoothed)], XIsTime: Axis == "time");
    }

    /// <summary>Confirmed gain of every round that made a checkpoint.</summary>
    public ChartModel Gains(IReadOnlyList<QualityPoint> points)
    {
        var shown = Newest(points).Where(point => point.Round >= 0);
        var gains = new ChartSeries("Confirmed gain", "s3", [.. shown.Select(point => new ChartPoint(Across(point), point.GainNats))]);
        return new ChartModel("Gain per round", XLabel, "nats per token", [.. Smoothed(gains)], YFormat: "0.000000", XIsTime: Axis == "time");
    }

    private string XLabel => Axis switch { "round" => "round", "time" => "time, UTC", _ => "block height" };

    private IEnumerable<QualityPoint> Newest(IReadOnlyList<QualityPoint> points) => Last == 0 ? points : points.TakeLast(Last);

    private double Across(QualityPoint point) => Axis switch { "round" => point.Round, "time" => point.Time, _ => point.Height };

    private IEnumerable<ChartSeries> Smoothed(ChartSeries raw) => Smooth == 0 || raw.Points.Count < 3
        ? [raw]
        : [raw with { Name = raw.Name + ", raw", Style = raw.Style + " faint" }, raw with { Name = raw.Name + ", smoothed", Points = Smoothing.Exponential(raw.Points, Smooth) }];
}
