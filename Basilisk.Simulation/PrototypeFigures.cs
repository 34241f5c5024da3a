namespace Basilisk.Simulation;

/// <summary>
/// What a float prototype of the rules gave before they were written in integers: credit ratios of three seeds at 103,744 weights, six
/// honest participants, 24 rounds. To compare with; nothing is computed from them.
/// </summary>
internal static class PrototypeFigures
{
    private static readonly Dictionary<string, string> Credit = new(StringComparer.Ordinal)
    {
        ["hash-only"] = "0",
        ["honest-seventh"] = "1.06 ±.12",
        ["sybil-2-names"] = ".87",
        ["sybil-4-names"] = ".87",
        ["sybil-8-names"] = ".89",
        ["near-duplicates-4"] = "1.05",
        ["two-halves"] = "1.08",
        ["two-halves-and-average"] = "1.04",
        ["noise"] = ".00",
        ["poisoner"] = ".11",
        ["backdoor"] = ".58",
        ["last-update"] = ".00",
        ["last-update-4-names"] = ".00",
        ["decayed-updates"] = ".00",
        ["updates-and-payloads"] = ".00",
        ["previous-best-payload"] = ".00",
        ["checkpoint-average-4"] = ".00",
        ["lazy-eighth"] = ".08",
        ["lazy-eighth-and-last-update"] = ".00",
    };

    /// <summary>The figure as it was printed; null for attacks that were not tried.</summary>
    public static string? Of(string attack) => Credit.GetValueOrDefault(attack);
}
