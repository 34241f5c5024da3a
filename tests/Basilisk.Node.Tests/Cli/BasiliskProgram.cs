using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>What a run of the program gave.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The JSON objects of the output, one per line.</summary>
    public IReadOnlyList<JsonElement> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>
    /// The program refused as every command does: this exit code, one line on the error output that holds <paramref name="hint"/>, no
    /// stack trace, and with --json one error line with this token on the output.
    /// </summary>
    public void AssertRefused(int exitCode, string token, string hint)
    {
        string all = $"exit code {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}";
        Assert.True(ExitCode == exitCode, all);
        string line = Assert.Single(Errors.Split('\n'), text => text.StartsWith("basilisk: ", StringComparison.Ordinal));
        Assert.Contains(hint, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Errors + Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Errors + Output, StringComparison.Ordinal);
        JsonElement error = Assert.Single(Lines, json => json.GetProperty("event").GetString() == "error");
        Assert.Equal(token, error.GetProperty("token").GetString());
        Assert.Equal(line["basilisk: ".Length..], error.GetProperty("message").GetString());
    }
}

/// <summary>Runs the real program, basilisk-node.dll, as a process of its own without a terminal.</summary>
internal static class BasiliskProgram
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(90);

    public static Task<ProgramResult> RunAsync(params string[] arguments) => RunAsync(arguments, [], "");

    public static async Task<ProgramResult> RunAsync(string[] arguments, Dictionary<string, string> environment, string input = "", TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "basilisk-node.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("BASILISK_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patient.CancelAfter(patience ?? UsualPatience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patient.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patient.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patient.Token);
            return new ProgramResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("basilisk-cli-").FullName;

    public string this[params string[] parts] => Path.Combine([Root, .. parts]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
