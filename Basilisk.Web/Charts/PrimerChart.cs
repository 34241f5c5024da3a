using Basilisk.Contracts.Model;

namespace Basilisk.Web.Charts;

/// <summary>The primer benchmark: all kinds together as one line, and one kind beside it where a reader chose one.</summary>
public static class PrimerChart
{
    /// <param name="points">By rising round.</param>
    /// <param name="kind">Kind drawn beside the whole; null or an unknown one draws the whole alone.</param>
    public static ChartModel Of(IReadOnlyList<PrimerPoint> points, string? kind)
    {
        List<ChartSeries> series =
        [
            new ChartSeries("all kinds", "s1", [.. points.Where(HasQuestions).Select(point => new ChartPoint(point.Round, 100 * Share(point)))]),
        ];
        if (kind is not null && Kinds(points).Contains(kind))
        {
            series.Add(new ChartSeries(kind, "s2", [.. Shares(points, kind)]));
        }

        return new ChartModel("Primer benchmark by round", "round", "answered exactly, %", series, YFormat: "0.#", YFloor: 0, YCeiling: 100);
    }

    /// <summary>Every kind that occurs, in the order first seen.</summary>
    public static IReadOnlyList<string> Kinds(IEnumerable<PrimerPoint> points) =>
        [.. points.SelectMany(point => point.Kinds).Select(score => score.Kind).Distinct()];

    /// <summary>One kind's share of exact answers, percent, by rising round.</summary>
    public static IEnumerable<ChartPoint> Shares(IEnumerable<PrimerPoint> points, string kind) =>
        from point in points
        from score in point.Kinds
        where score.Kind == kind && score.Total > 0
        select new ChartPoint(point.Round, 100.0 * score.Correct / score.Total);

    /// <summary>Exact answers among all questions of a round, 0–1.</summary>
    public static double Share(PrimerPoint point) => point.Kinds.Sum(score => score.Correct) / (double)Math.Max(1, point.Kinds.Sum(score => score.Total));

    private static bool HasQuestions(PrimerPoint point) => point.Kinds.Any(score => score.Total > 0);
}
