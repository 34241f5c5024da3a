using System.Diagnostics;
using Xunit;

namespace Basilisk.Architecture.Tests;

/// <summary>docker-compose.yml against the compose schema, by dclint (tests/clients).</summary>
public sealed class ComposeTests
{
    [Fact]
    public void The_compose_file_meets_the_schema()
    {
        (int code, string output) = Check(Repository.PathTo("docker-compose.yml"));
        Assert.True(code == 0, output);
    }

    [Fact]
    public void A_key_outside_the_schema_is_found()
    {
        string broken = Path.Combine(Directory.CreateTempSubdirectory("basilisk-compose").FullName, "docker-compose.yml");
        File.WriteAllText(broken, File.ReadAllText(Repository.PathTo("docker-compose.yml")).Replace("    restart:", "    restrat:", StringComparison.Ordinal));
        (int code, string output) = Check(broken);
        Assert.NotEqual(0, code);
        Assert.Contains("invalid-schema", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_files_it_names_exist_in_the_repository()
    {
        string compose = File.ReadAllText(Repository.PathTo("docker-compose.yml"));
        Assert.Contains("docker/node.Dockerfile", compose, StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.PathTo("docker", "node.Dockerfile")));
        Assert.True(File.Exists(Repository.PathTo("docker", "portal.Dockerfile")));
    }

    private static (int Code, string Output) Check(string file)
    {
        string clients = Repository.PathTo("tests", "clients");
        string tool = Path.Combine(clients, "node_modules", ".bin", "dclint");
        Assert.SkipUnless(File.Exists(tool), "dclint is not installed: run scripts/setup-node (needs npm).");
        using Process process = Process.Start(new ProcessStartInfo(tool, [file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = clients,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
