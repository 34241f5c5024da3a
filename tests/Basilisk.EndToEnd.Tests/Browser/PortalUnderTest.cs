using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Basilisk.EndToEnd.Tests.Browser;

/// <summary>The real portal, as a process of its own, showing the node at a given address.</summary>
public sealed class PortalUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output;

    private PortalUnderTest(Process process, Uri url, StringBuilder output)
    {
        _process = process;
        _output = output;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Everything the process wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The portal's assembly in this build's output.</summary>
    public static string Assembly => Path.Combine(
        BuildFacts.RepositoryRoot, "Basilisk.Web", "bin", BuildFacts.Configuration, "net10.0", "basilisk-portal.dll");

    /// <summary>Starts it on a free port and waits until it answers.</summary>
    /// <param name="node">REST, hub and completions are reached below it.</param>
    /// <param name="port">0 takes a free one; a test that restarts a portal names its port.</param>
    public static async Task<PortalUnderTest> Start(Uri node, int port = 0)
    {
        var url = new Uri($"http://127.0.0.1:{(port == 0 ? FreePort() : port).ToString(CultureInfo.InvariantCulture)}");
        var (process, output) = Launch("--node", node.ToString(), "--urls", url.ToString());
        var portal = new PortalUnderTest(process, url, output);
        using var http = new HttpClient { BaseAddress = url };
        using var wait = new CancellationTokenSource(StartWait);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("/not-found", wait.Token);
                return portal;
            }
            catch (HttpRequestException) when (!process.HasExited && !wait.IsCancellationRequested)
            {
                await Task.Delay(100, wait.Token);
            }
            catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
            {
                await portal.DisposeAsync();
                throw new InvalidOperationException($"The portal did not start. It wrote:\n{portal.Output}", problem);
            }
        }
    }

    /// <summary>Runs it with arguments that make it end by itself.</summary>
    /// <returns>Exit code and everything it wrote.</returns>
    public static async Task<(int Code, string Output)> RunToEnd(params string[] arguments)
    {
        var (process, output) = Launch(arguments);
        using (process)
        {
            using var wait = new CancellationTokenSource(StartWait);
            try
            {
                await process.WaitForExitAsync(wait.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            lock (output)
            {
                return (process.ExitCode, output.ToString());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static (Process Process, StringBuilder Output) Launch(params string[] arguments)
    {
        var output = new StringBuilder();
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
            },
        };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, output);

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
