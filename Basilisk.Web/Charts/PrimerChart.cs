using Basilisk.Contracts.Model;

namespace Basilisk.Web.Charts;

/// <summary>The primer benchmark as one line per kind of question.</summary>
public static class PrimerChart
{
    /// <summary>Line styles; a seventh kind starts over.</summary>
    private const int Styles = 6;

    /// <param name="points">By rising round.</param>
    public static ChartModel Of(IReadOnlyList<PrimerPoint> points)
    {
        var kinds = Kinds(points);
        return new ChartModel(
            "Primer benchmark by round",
            "round",
            "answered exactly, %",
            [.. kinds.Select((kind, i) => new ChartSeries(kind, $"s{(i % Styles) + 1}", [.. Line(points, kind)]))],
            YFormat: "0.#",
            YFloor: 0,
            YCeiling: 100);
    }

    /// <summary>Every kind that occurs, in the order first seen.</summary>
    public static IReadOnlyList<string> Kinds(IEnumerable<PrimerPoint> points) =>
        [.. points.SelectMany(point => point.Kinds).Select(score => score.Kind).Distinct()];

    private static IEnumerable<ChartPoint> Line(IEnumerable<PrimerPoint> points, string kind) =>
        from point in points
        from score in point.Kinds
        where score.Kind == kind && score.Total > 0
        select new ChartPoint(point.Round, 100.0 * score.Correct / score.Total);
}
