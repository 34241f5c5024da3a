using System.Globalization;
using System.Text.RegularExpressions;
using Basilisk.Contracts.Chain;

namespace Basilisk.Web.Search;

/// <summary>A page that a search text may mean.</summary>
/// <param name="Kind">In words.</param>
/// <param name="Title">What to show.</param>
/// <param name="Href">The page.</param>
public sealed record SearchTarget(string Kind, string Title, string Href)
{
    /// <summary>The page of something the node found.</summary>
    public static SearchTarget Of(SearchHit hit) => new(hit.Kind, hit.Title, hit.Kind switch
    {
        "block" => $"/blocks/{hit.Id}",
        "transaction" => $"/transactions/{hit.Id}",
        "address" => $"/addresses/{hit.Id}",
        "round" => $"/rounds/{hit.Id}",
        "contribution" => $"/contributions/{hit.Id}",
        _ => $"/search?q={Uri.EscapeDataString(hit.Id)}",
    });
}

/// <summary>Tells by its shape alone what a search text may be, before the node is asked.</summary>
public static partial class SearchText
{
    /// <summary>Longest text looked at; a hash has 66 signs.</summary>
    public const int MostCharacters = 80;

    /// <summary>Pages that the text names by shape; empty where only the node can tell.</summary>
    public static IReadOnlyList<SearchTarget> Classify(string? text)
    {
        var trimmed = (text ?? "").Trim();
        if (trimmed.Length is 0 or > MostCharacters)
        {
            return [];
        }

        if (Height().Match(trimmed) is { Success: true } height
            && long.TryParse(height.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var shown = number.ToString("N0", CultureInfo.InvariantCulture);
            return
            [
                new SearchTarget("block", $"Block {shown}", $"/blocks/{number}"),
                .. number <= int.MaxValue ? [new SearchTarget("round", $"Round {shown}", $"/rounds/{number}")] : Array.Empty<SearchTarget>(),
            ];
        }

        if (Round().Match(trimmed) is { Success: true } round
            && int.TryParse(round.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var roundNumber))
        {
            return [new SearchTarget("round", $"Round {roundNumber.ToString("N0", CultureInfo.InvariantCulture)}", $"/rounds/{roundNumber}")];
        }

        if (Address().IsMatch(trimmed))
        {
            return [new SearchTarget("address", trimmed, $"/addresses/{WithPrefix(trimmed)}")];
        }

        return [];
    }

    /// <summary>Whether it is a whole 32-byte hash: block, transaction and contribution look alike, only the node can tell.</summary>
    public static bool IsHash(string? text) => text is not null && Hash().IsMatch(text.Trim());

    /// <summary>The text with 0x in front.</summary>
    public static string WithPrefix(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? "0x" + trimmed[2..] : "0x" + trimmed;
    }

    [GeneratedRegex(@"^#?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})$", RegexOptions.CultureInvariant)]
    private static partial Regex Height();

    [GeneratedRegex(@"^(?:round|r)\s*#?([0-9]{1,9})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Round();

    [GeneratedRegex("^(?:0x)?[0-9a-f]{40}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex("^(?:0x)?[0-9a-f]{64}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
