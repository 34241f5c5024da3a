using System.Diagnostics;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>Runs a program to its end.</summary>
internal static class Shell
{
    /// <summary>Exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start) ?? throw new HostGroundException($"{words[0]} could not be started", "Install it.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }

    /// <exception cref="HostGroundException">It ended with another code than 0.</exception>
    public static async Task RequireAsync(IReadOnlyList<string> words, string nextStep, CancellationToken cancellation)
    {
        (int exitCode, _, string errors) = await RunAsync(words, cancellation);
        if (exitCode != 0)
        {
            throw new HostGroundException($"`{string.Join(' ', words)}` said: {errors.Trim()}", nextStep);
        }
    }
}
