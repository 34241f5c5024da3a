using System.Reflection;

namespace Basilisk.EndToEnd.Tests.Browser;

/// <summary>Where this build came from and what it was.</summary>
public static class BuildFacts
{
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    /// <summary>Debug or Release.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Pictures that tests keep for people to look at.</summary>
    public static string Screenshots { get; } = Path.Combine(RepositoryRoot, "artifacts", "screenshots");

    private static string Metadata(string key) => typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value ?? throw new InvalidOperationException($"The build left {key} empty.");
}
