namespace Basilisk.Testing;

/// <summary>
/// Finds test vectors: files in tests/vectors belong to the repository and must be there; larger published sets are
/// looked for in the folder named by BASILISK_VECTORS, else in shared/vectors beside the repository.
/// </summary>
public static class VectorFiles
{
    /// <summary>The reason a test gives when it skips for want of a published set.</summary>
    public const string AbsentReason =
        "The published vectors are not on this machine: set BASILISK_VECTORS to their folder to run this test.";

    /// <summary>Path of a file under tests/vectors.</summary>
    /// <exception cref="FileNotFoundException">The repository does not hold it.</exception>
    public static string InRepository(string relativePath)
    {
        string path = Path.Combine(RepositoryRoot(), "tests", "vectors", relativePath);
        return File.Exists(path) ? path : throw new FileNotFoundException("A vector of the repository is missing.", path);
    }

    /// <summary>Path of a file in the optional folder of published vectors, or null where it is absent.</summary>
    public static string? FindPublished(string relativePath)
    {
        string folder = Environment.GetEnvironmentVariable("BASILISK_VECTORS") is { Length: > 0 } given
            ? given
            : Path.Combine(RepositoryRoot(), "..", "shared", "vectors");
        string path = Path.Combine(folder, relativePath);
        return File.Exists(path) ? path : null;
    }

    /// <summary>The folder that holds Basilisk.sln, from where the tests run upwards.</summary>
    public static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Basilisk.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Basilisk.sln.");
    }
}
