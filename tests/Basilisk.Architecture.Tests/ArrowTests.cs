using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Basilisk.Architecture.Tests;

/// <summary>The project references are the allowed arrows of docs/architecture.md, no more.</summary>
public sealed partial class ArrowTests
{
    [Fact]
    public void Every_project_has_a_row_in_the_table()
    {
        Assert.Equal(Projects().Order(), Table().Keys.Order());
    }

    [Fact]
    public void Project_references_stay_within_the_table()
    {
        Dictionary<string, HashSet<string>> table = Table();
        var broken = from project in Projects()
                     from reference in ReferencesOf(project)
                     where !table[project].Contains(reference)
                     select $"{project} -> {reference}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Transitive_project_references_are_switched_off()
    {
        XDocument props = XDocument.Load(Repository.PathTo("Directory.Build.props"));
        Assert.Equal("true", props.Descendants("DisableTransitiveProjectReferences").Single().Value);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathTo("Basilisk.sln"));
        Assert.All(
            Repository.Files(".csproj"),
            file => Assert.Contains(Path.GetFileName(file), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Package_versions_are_central()
    {
        var local = from file in Repository.Files(".csproj")
                    from reference in XDocument.Load(file).Descendants("PackageReference")
                    where reference.Attribute("Version") is not null
                    select $"{Path.GetFileName(file)}: {reference.Attribute("Include")?.Value}";
        Assert.Empty(local);
    }

    [GeneratedRegex(@"^\|\s*Basilisk\.(?<name>\w+)[^|]*\|(?<may>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateDirectories(Repository.Root, "Basilisk.*").Select(Path.GetFileName).Select(name => name!["Basilisk.".Length..]);

    private static Dictionary<string, HashSet<string>> Table()
    {
        string text = File.ReadAllText(Repository.PathTo("docs", "architecture.md"));
        string[] all = [.. Projects()];
        return Row().Matches(text).ToDictionary(
            row => row.Groups["name"].Value,
            row => Allowed(row.Groups["may"].Value.Trim(), all));
    }

    private static HashSet<string> Allowed(string cell, string[] all) => cell switch
    {
        "–" => [],
        "all but Web" => [.. all.Where(name => name is not "Web" and not "Node")],
        _ => [.. cell.Split(',', StringSplitOptions.TrimEntries)],
    };

    private static IEnumerable<string> ReferencesOf(string project)
    {
        XDocument file = XDocument.Load(Repository.PathTo($"Basilisk.{project}", $"Basilisk.{project}.csproj"));
        return from reference in file.Descendants("ProjectReference")
               let path = reference.Attribute("Include")!.Value.Replace('\\', '/')
               select Path.GetFileNameWithoutExtension(path)["Basilisk.".Length..];
    }
}
