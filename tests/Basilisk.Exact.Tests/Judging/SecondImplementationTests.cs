using System.ComponentModel;
using System.Diagnostics;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Exact.Tests.Judging;

/// <summary>The committed vectors are what tools/exact/vectors.py writes today, where Python and numpy are installed.</summary>
public sealed class SecondImplementationTests
{
    [Fact]
    public async Task The_generator_still_writes_the_committed_vectors()
    {
        string root = VectorFiles.RepositoryRoot();
        string? python = await FindPython();
        Assert.SkipWhen(python is null, "No python3 with numpy on this machine (Debian: apt-get install python3-numpy).");
        string folder = Directory.CreateTempSubdirectory("basilisk-vectors-").FullName;
        try
        {
            (int code, string errors) = await Run(python, Path.Combine(root, "tools", "exact", "vectors.py"), folder);
            Assert.True(code == 0, errors);
            foreach (string name in (string[])["losses.json", "tables.json"])
            {
                Assert.Equal(
                    await File.ReadAllTextAsync(VectorFiles.InRepository($"exact/{name}"), TestContext.Current.CancellationToken),
                    await File.ReadAllTextAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_one_that_needs_no_numpy_gives_the_committed_vectors()
    {
        string? python = await FindPython("import sys; sys.exit(sys.version_info < (3, 9))");
        Assert.SkipWhen(python is null, "No python3 on this machine (Debian: apt-get install python3).");
        string folder = Path.GetDirectoryName(VectorFiles.InRepository("exact/losses.json"))!;
        (int code, string errors) = await Run(python, Path.Combine(VectorFiles.RepositoryRoot(), "tools", "exact", "check_plain.py"), folder);
        Assert.True(code == 0, errors);
    }

    private static async Task<string?> FindPython(string wanted = "import numpy")
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            try
            {
                if ((await Run(python, "-c", wanted)).Code == 0)
                {
                    return python;
                }
            }
            catch (Win32Exception)
            {
                // Not installed under this name; the next one is tried.
            }
        }

        return null;
    }

    private static async Task<(int Code, string Errors)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }
}
