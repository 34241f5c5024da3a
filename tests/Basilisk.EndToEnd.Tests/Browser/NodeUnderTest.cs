using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Basilisk.Contracts;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.EndToEnd.Tests.Browser;

/// <summary>
/// The real node as a process: test network (a tiny model, rounds in seconds), events in memory, mining and training. The browser
/// then sees what a person sees.
/// </summary>
public sealed class NodeUnderTest : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output;
    private readonly string _data;

    private NodeUnderTest(Process process, StringBuilder output, string data, Uri url)
    {
        _process = process;
        _output = output;
        _data = data;
        Url = url;
    }

    public Uri Url { get; }

    private static string Assembly => Path.Combine(
        BuildFacts.RepositoryRoot, "Basilisk.Node", "bin", BuildFacts.Configuration, "net10.0", "basilisk-node.dll");

    /// <summary>Starts a node and waits until it answers.</summary>
    public static async Task<NodeUnderTest> Start()
    {
        string data = Directory.CreateTempSubdirectory("basilisk-e2e").FullName;
        int port = FreePort();
        var start = new ProcessStartInfo("dotnet",
        [
            Assembly, "node", "--network", "test", "--in-memory", "--data", data,
            "--http", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "--duty", "0.001",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var output = new StringBuilder();
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var node = new NodeUnderTest(process, output, data, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        try
        {
            await node.Until(_ => true);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the node's status is as wanted.</summary>
    public async Task<StatusView> Until(Func<StatusView, bool> wanted)
    {
        using var http = new HttpClient { BaseAddress = Url };
        using var wait = new CancellationTokenSource(StartWait);
        while (true)
        {
            try
            {
                if (await http.GetFromJsonAsync<StatusView>(Routes.Status, Json, wait.Token) is { } status && wanted(status))
                {
                    return status;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited && !wait.IsCancellationRequested)
            {
                // Not listening yet: asked again below.
            }
            catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
            {
                lock (_output)
                {
                    throw new InvalidOperationException($"The node did not get there. It wrote:\n{_output}", problem);
                }
            }

            await Task.Delay(200, wait.Token);
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
        Directory.Delete(_data, recursive: true);
    }

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
