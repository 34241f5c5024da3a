namespace Basilisk.Web.Charts;

/// <summary>One measured point.</summary>
public readonly record struct ChartPoint(double X, double Y);

/// <summary>One line of a chart.</summary>
/// <param name="Name">In the legend and the read-out.</param>
/// <param name="Style">Class of its colour and dash: <c>s1</c>…<c>s6</c>; <c>faint</c> beside it draws a raw line behind its smoothed one.</param>
/// <param name="Points">By rising x.</param>
public sealed record ChartSeries(string Name, string Style, IReadOnlyList<ChartPoint> Points);

/// <summary>A chart ready to draw: what its axes are and the lines on them.</summary>
/// <param name="Title">Says what is shown; also the chart's accessible name.</param>
/// <param name="XLabel">Name and unit of the horizontal axis.</param>
/// <param name="YLabel">Name and unit of the vertical axis.</param>
/// <param name="Series">At least one line with points, or nothing is drawn.</param>
/// <param name="YFormat">Format of a value in the read-out.</param>
/// <param name="XIsTime">Whether x is Unix seconds.</param>
/// <param name="YFloor">Lowest end of the vertical axis, where it must not follow the data.</param>
/// <param name="YCeiling">Highest end of the vertical axis, where it must not follow the data.</param>
public sealed record ChartModel(
    string Title,
    string XLabel,
    string YLabel,
    IReadOnlyList<ChartSeries> Series,
    string YFormat = "0.0000",
    bool XIsTime = false,
    double? YFloor = null,
    double? YCeiling = null)
{
    /// <summary>Most points a line is drawn with: a screen shows no more.</summary>
    public const int MostPoints = 500;
}
