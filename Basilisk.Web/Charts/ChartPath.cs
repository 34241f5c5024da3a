using System.Globalization;
using System.Text;

namespace Basilisk.Web.Charts;

/// <summary>SVG path data for lines.</summary>
public static class ChartPath
{
    /// <summary>Stretches the values over the whole box; a flat row becomes a line in the middle.</summary>
    /// <param name="values">From left to right.</param>
    /// <param name="width">Of the box.</param>
    /// <param name="height">Of the box.</param>
    /// <param name="margin">Kept free above and below, so that a thick line is not cut.</param>
    public static string Fit(IReadOnlyList<double> values, double width, double height, double margin)
    {
        if (values.Count < 2)
        {
            return "";
        }

        var least = values.Min();
        var span = values.Max() - least;
        var path = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            var x = width * i / (values.Count - 1);
            var y = span == 0 ? height / 2 : height - margin - ((height - (2 * margin)) * (values[i] - least) / span);
            Append(path, i == 0 ? 'M' : 'L', x, y);
        }

        return path.ToString();
    }

    /// <summary>Appends one command with two decimals, enough for a thousand units.</summary>
    public static void Append(StringBuilder path, char command, double x, double y) => path
        .Append(command)
        .Append(x.ToString("0.##", CultureInfo.InvariantCulture))
        .Append(' ')
        .Append(y.ToString("0.##", CultureInfo.InvariantCulture));
}
