using System.ComponentModel;
using System.Diagnostics;

namespace Basilisk.Store.Cluster;

/// <summary>Runs a program to its end, without a shell.</summary>
internal static class Tool
{
    private const string UsualFolder = "/usr/bin";

    /// <summary>
    /// Where a system program lies: the first absolute folder of <c>PATH</c> that has it. Given a bare name, the runtime would
    /// look in the working directory first, and a file of that name there (such as this repository's own <c>test</c>) would run in
    /// the program's place, perhaps as root.
    /// </summary>
    /// <param name="name">A program's name without a folder.</param>
    /// <returns>An absolute path, also where there is no such program: starting it then fails by name.</returns>
    public static string Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Where(Path.IsPathRooted)
            .Append(UsualFolder)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
        ?? Path.Combine(UsualFolder, name);

    /// <returns>Exit code and everything it wrote; 127 where there is no such program.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = "/";
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return (127, e.Message);
        }
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
