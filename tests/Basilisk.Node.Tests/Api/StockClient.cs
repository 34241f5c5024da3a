using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>Runs a script of tests/clients under Node.js: what real users' libraries make of this node.</summary>
internal static class StockClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>The JSON object the script prints last.</summary>
    public static async Task<JsonElement> RunAsync(string script, string package, IReadOnlyDictionary<string, string> environment)
    {
        string folder = Folder();
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", package)), $"npm package {package} is not installed: run scripts/setup-node.");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, script)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{script} failed.\n{await errors}\n{await output}");
            return JsonDocument.Parse((await output).Trim().Split('\n')[^1]).RootElement;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string clients = Path.Combine(folder.FullName, "tests", "clients");
            if (Directory.Exists(clients))
            {
                return clients;
            }
        }

        throw new InvalidOperationException("tests/clients is not above the test's folder.");
    }
}
