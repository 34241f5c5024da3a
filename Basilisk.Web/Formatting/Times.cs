using System.Globalization;

namespace Basilisk.Web.Formatting;

/// <summary>Points in time and lengths of time, as people read them.</summary>
public static class Times
{
    /// <summary>"12 s ago", "3 min ago"; the portal's script keeps such texts current with the same words.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now)
    {
        var age = now - then;
        return age < TimeSpan.FromSeconds(1) ? "just now" : Span(age) + " ago";
    }

    /// <summary>One unit, two for hours and days: 45 s, 3 min, 2 h 5 min, 4 d.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{Whole(span.TotalSeconds)} s",
        { TotalMinutes: < 60 } => $"{Whole(span.TotalMinutes)} min",
        { TotalHours: < 24 } => span.Minutes == 0 ? $"{Whole(span.TotalHours)} h" : $"{Whole(span.TotalHours)} h {Whole(span.Minutes)} min",
        _ => $"{Whole(span.TotalDays)} d",
    };

    /// <summary>2026-11-22 17:44:10 UTC.</summary>
    public static string Absolute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Whole(double value) => Math.Floor(value).ToString(CultureInfo.InvariantCulture);
}
