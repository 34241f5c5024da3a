namespace Basilisk.Architecture.Tests;

/// <summary>Finds the checkout the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All files below the root that are part of the project: build outputs and fetched packages left out.</summary>
    public static IEnumerable<string> Files(params string[] extensions)
    {
        var pending = new Stack<string>([Root]);
        while (pending.TryPop(out string? folder))
        {
            foreach (string child in Directory.EnumerateDirectories(folder))
            {
                if (!IsOutput(Path.GetFileName(child)) && new DirectoryInfo(child).LinkTarget is null)
                {
                    pending.Push(child);
                }
            }

            foreach (string file in Directory.EnumerateFiles(folder))
            {
                if (extensions.Length == 0 || extensions.Contains(Path.GetExtension(file)))
                {
                    yield return file;
                }
            }
        }
    }

    private static bool IsOutput(string name) =>
        name is "bin" or "obj" or "node_modules" or "artifacts" or ".git" or ".basilisk" or "data" or "_framework";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Basilisk.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Basilisk.sln was not found above the test's folder; run the tests from a checkout.");
    }
}
