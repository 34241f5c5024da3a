using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Basilisk.Node.Cli;

/// <summary>Durations as people type them: 90s, 6m, 1h30m, 2d.</summary>
public static partial class Duration
{
    public const string Form = "a duration such as 90s, 6m or 1h30m";

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        Match match = Parts().Match(text ?? "");
        if (!match.Success || match.Length == 0)
        {
            return false;
        }

        double seconds = Value(match, "d") * 86_400 + Value(match, "h") * 3_600 + Value(match, "m") * 60 + Value(match, "s");
        if (seconds is <= 0 or > 365 * 86_400)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    internal static TimeSpan? Parse(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (TryParse(text, out TimeSpan duration))
        {
            return duration;
        }

        result.AddError($"'{text}' is not {Form}.");
        return null;
    }

    private static double Value(Match match, string unit) =>
        match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:(?<d>\d{1,3})d)?(?:(?<h>\d{1,4})h)?(?:(?<m>\d{1,5})m)?(?:(?<s>\d{1,7}(?:\.\d+)?)s?)?$")]
    private static partial Regex Parts();
}
