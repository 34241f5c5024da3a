using System.Globalization;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli;

/// <summary>How far a node is, in a line.</summary>
internal static class SyncText
{
    public static string Of(SyncView sync)
    {
        if (sync.Current)
        {
            return "current";
        }

        string way = sync.Phase switch
        {
            "finding-peers" => "looking for peers",
            "headers" => "fetching headers",
            "snapshot" => "fetching a snapshot",
            "judging" => "judging a round",
            _ => "fetching blocks",
        };
        string left = sync.SecondsLeft is { } seconds ? ", about " + Duration(TimeSpan.FromSeconds(seconds)) + " left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{way}: height {sync.Height} of {sync.TargetHeight}, {sync.BlocksPerSecond:0.#} blocks/s{left}; mining and training wait");
    }

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days"),
        { TotalMinutes: >= 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
        { TotalSeconds: >= 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
    };
}
