using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Hosting;

/// <summary>The portal as a child process, stopped with its parent.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private PortalProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    /// <summary>The portal's program: beside the node's own where both are published together, else in the repository.</summary>
    public static string Program
    {
        get
        {
            string beside = Path.Combine(AppContext.BaseDirectory, "basilisk-portal.dll");
            string home = Environment.GetEnvironmentVariable("BASILISK_HOME") ?? "";
            return File.Exists(beside) ? beside : Path.Combine(home, "Basilisk.Web", "bin", "Release", "net10.0", "basilisk-portal.dll");
        }
    }

    /// <summary>Starts the portal and waits until it answers.</summary>
    /// <exception cref="PortalFailedException">It ended, or did not answer in time.</exception>
    public static async Task<PortalProcess> StartAsync(string address, string nodeUrl, CancellationToken cancellation)
    {
        ProcessStartInfo start = Describe(address, nodeUrl);
        string url = "http://" + address;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        Process process = Process.Start(start) ?? throw new PortalFailedException("dotnet could not be started.");
        var lastLines = new Queue<string>();
        process.OutputDataReceived += (_, line) => Remember(lastLines, line.Data);
        process.ErrorDataReceived += (_, line) => Remember(lastLines, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var portal = new PortalProcess(process, url);
        try
        {
            await portal.WaitUntilReadyAsync(lastLines, cancellation);
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the portal with this process' own output until it ends or is cancelled.</summary>
    /// <returns>Its exit code; 0 when cancelled.</returns>
    /// <exception cref="PortalFailedException">Its program is missing.</exception>
    public static async Task<int> RunAsync(string address, string nodeUrl, CancellationToken cancellation)
    {
        using Process process = Process.Start(Describe(address, nodeUrl)) ?? throw new PortalFailedException("dotnet could not be started.");
        try
        {
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            using var patience = new CancellationTokenSource(StopTime);
            await _process.WaitForExitAsync(patience.Token);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Describe(string address, string nodeUrl)
    {
        if (!IPEndPoint.TryParse(address, out IPEndPoint? place) || !address.Contains(':', StringComparison.Ordinal))
        {
            throw new SettingOutOfRangeException("--portal (portal: --listen)", $"'{address}'", "an address and port, for example 127.0.0.1:5080");
        }

        RequireFree(place);
        if (!File.Exists(Program))
        {
            throw new PortalFailedException($"its program {Program} is not there; build it with ./basilisk.");
        }

        var start = new ProcessStartInfo("dotnet", [Program, "--urls", "http://" + address]) { WorkingDirectory = Path.GetDirectoryName(Program)! };
        start.Environment["Portal__NodeUrl"] = nodeUrl;
        return start;
    }

    // Asked before the start: the portal itself could only say so in the middle of its log.
    private static void RequireFree(IPEndPoint place)
    {
        try
        {
            using var probe = new TcpListener(place);
            probe.Start();
        }
        catch (SocketException error)
        {
            throw new PortInUseException(place.ToString(), error);
        }
    }

    private async Task WaitUntilReadyAsync(Queue<string> lastLines, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartTime)
        {
            if (_process.HasExited)
            {
                break;
            }

            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(Url), cancellation);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, cancellation);
            }
        }

        lock (lastLines)
        {
            throw new PortalFailedException(string.Join(" | ", lastLines));
        }
    }

    private static void Remember(Queue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Enqueue(line.Trim());
            if (lines.Count > 8)
            {
                lines.Dequeue();
            }
        }
    }
}
