using System.Text.RegularExpressions;
using Xunit;

namespace Basilisk.Architecture.Tests;

/// <summary>Habits that a reader relies on, held by the build.</summary>
public sealed partial class SourceTests
{
    /// <summary>A longer file hides a collaborator that wants a name of its own.</summary>
    private const int LongestFile = 520;

    [Fact]
    public void No_source_file_outgrows_its_one_concern()
    {
        var tooLong = from file in Repository.Files(".cs", ".razor")
                      let lines = File.ReadLines(file).Count()
                      where lines > LongestFile && !file.EndsWith(".Generated.cs", StringComparison.Ordinal)
                      select $"{Path.GetRelativePath(Repository.Root, file)}: {lines} lines";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Every_project_opens_with_a_readme()
    {
        var missing = Directory.EnumerateDirectories(Repository.Root, "Basilisk.*").Where(folder => !File.Exists(Path.Combine(folder, "README.md")));
        Assert.Empty(missing);
    }

    [Fact]
    public void No_exception_is_swallowed()
    {
        var empty = from file in Repository.Files(".cs", ".razor")
                    where EmptyCatch().IsMatch(File.ReadAllText(file))
                    select Path.GetRelativePath(Repository.Root, file);
        Assert.Empty(empty);
    }

    [Fact]
    public void Lock_files_name_no_registry()
    {
        var named = from file in Repository.Files(".json")
                    where Path.GetFileName(file) is "package-lock.json" or "npm-shrinkwrap.json" or "packages.lock.json"
                    where File.ReadAllText(file).Contains("\"resolved\"", StringComparison.Ordinal)
                    select Path.GetRelativePath(Repository.Root, file);
        Assert.Empty(named);
    }

    [Fact]
    public void No_stub_is_left_in_the_product()
    {
        var stubs = from file in Repository.Files(".cs", ".razor")
                    let relative = Path.GetRelativePath(Repository.Root, file)
                    where relative.StartsWith("Basilisk.", StringComparison.Ordinal)
                    where Stub().IsMatch(File.ReadAllText(file))
                    select relative;
        Assert.Empty(stubs);
    }

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Stub();
}
