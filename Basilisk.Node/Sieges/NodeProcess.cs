using System.Diagnostics;
using System.Globalization;
using System.Net;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Sieges;

/// <summary>
/// The node under siege: a process of its own, as users run it, that mines on a test network of its own and does not train. What is known
/// of it is what it tells everybody who asks its HTTP surface, and what the system tells of its process.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _peers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process, string folder) => (_process, _folder) = (process, folder);

    /// <summary>Its HTTP surface.</summary>
    public Uri Url => new(_url.Task.Result);

    /// <summary>Where it takes peers.</summary>
    public IPEndPoint Peers => IPEndPoint.Parse(_peers.Task.Result);

    /// <summary>Processor time of its process; that of PostgreSQL is not in it.</summary>
    public TimeSpan ProcessorTime => Fresh().TotalProcessorTime;

    /// <summary>Bytes of memory its process has; those of PostgreSQL are not in it.</summary>
    public long WorkingSet => Fresh().WorkingSet64;

    /// <exception cref="SiegeFailedException">It did not start.</exception>
    public static async Task<NodeProcess> StartAsync(bool inMemory, TimeProvider time, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-siege-").FullName;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "basilisk-node.dll"), "node", "--network", "test", "--data", folder, "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--no-train",
            .. inMemory ? ["--in-memory"] : Array.Empty<string>(),
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove("BASILISK_POSTGRES"); // The siege is not to reach a server that holds somebody's chain.
        var node = new NodeProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, folder);
        try
        {
            node.Begin();
            await Task.WhenAll(node._url.Task, node._peers.Task).WaitAsync(StartTime, time, cancellation);
            return node;
        }
        catch (Exception error)
        {
            await node.DisposeAsync();
            throw error is TimeoutException ? new SiegeFailedException($"the node did not start within {StartTime.TotalMinutes:0} minutes.") : error;
        }
    }

    /// <summary>Whom it talks to and whom it does not.</summary>
    public static Task<PeersView?> PeersAsync(HttpClient http, CancellationToken cancellation) =>
        http.GetFromJsonAsync<PeersView>(Contracts.Routes.Peers, cancellation);

    /// <summary>Connections it refused since its start, by token: a metric.</summary>
    public static async Task<Dictionary<string, long>> RefusedAsync(HttpClient http, CancellationToken cancellation)
    {
        const string prefix = "basilisk_peer_refused_total{token=\"";
        string metrics = await http.GetStringAsync(Contracts.Routes.Metrics, cancellation);
        return metrics.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
            line => line[prefix.Length..line.IndexOf('"', prefix.Length)],
            line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Asks it to stop, as Ctrl-C does, so that its PostgreSQL stops too; ends it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process interrupt = Process.Start("sh", ["-c", $"kill -INT {_process.Id.ToString(CultureInfo.InvariantCulture)}"]);
            using var patience = new CancellationTokenSource(StopTime);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => Ended();
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            while (_lastLines.Count > 5)
            {
                _lastLines.Dequeue();
            }
        }

        Take(line, "node: ", _url);
        Take(line, "peers: ", _peers);
    }

    private static void Take(string line, string prefix, TaskCompletionSource<string> found)
    {
        if (line.StartsWith(prefix, StringComparison.Ordinal))
        {
            found.TrySetResult(line[prefix.Length..]);
        }
    }

    private void Ended()
    {
        lock (_lastLines)
        {
            var error = new SiegeFailedException($"the node ended. Its last words: {string.Join(" / ", _lastLines)}");
            _url.TrySetException(error);
            _peers.TrySetException(error);
        }
    }

    private Process Fresh()
    {
        _process.Refresh();
        return _process;
    }
}
