using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Basilisk.Model.Tests.Gemm;

public sealed class GeneratedKernelTests
{
    [Fact]
    public async Task The_committed_kernels_are_what_the_generator_writes()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string folder = Path.Combine(RepositoryRoot(), "Basilisk.Model", "Gemm");
        string output = Directory.CreateTempSubdirectory("basilisk-kernels").FullName;
        try
        {
            await GenerateAsync(Path.Combine(folder, "generate_kernels.py"), output, cancellation);
            string[] written = Directory.GetFiles(output);
            Assert.Equal(3, written.Length);
            foreach (string file in written)
            {
                string committed = Path.Combine(folder, Path.GetFileName(file));
                Assert.Equal(await File.ReadAllTextAsync(committed, cancellation), await File.ReadAllTextAsync(file, cancellation));
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static async Task GenerateAsync(string script, string folder, CancellationToken cancellation)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", [script]) { WorkingDirectory = folder })!;
            await process.WaitForExitAsync(cancellation);
            Assert.Equal(0, process.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
        }
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Basilisk.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
