using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>What <c>basilisk verify --json</c> found on a host.</summary>
internal sealed record HostVerification(bool Clean, long Height, string StateRoot, string ModelRoot, string? Difference);

/// <summary>
/// One host: a node as users run it, a process of its own with a private PostgreSQL, a data directory and its own address. It can be
/// stopped, killed and started again.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly HttpClient _http;
    private readonly List<string> _options;
    private Process? _process;
    private string _silence = "";
    private StreamWriter? _output;

    /// <param name="ground">Where it stands.</param>
    /// <param name="place">Its place there.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="options">What the node is started with, beside addresses and directory.</param>
    public HostProcess(IHostGround ground, HostPlace place, string data, IEnumerable<string> options)
    {
        Place = place;
        Data = data;
        _options = [.. options];
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, cancellation) => await ground.ConnectAsync(place, cancellation) })
        {
            BaseAddress = new Uri("http://" + place.HttpAddress),
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    public HostPlace Place { get; }

    public string Data { get; }

    public string Name => "h" + Place.Index.ToString(CultureInfo.InvariantCulture);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts the node and waits until it answers.</summary>
    /// <param name="also">Options for this run only.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HostFailedException">It ended, or did not answer in time.</exception>
    public async Task StartAsync(IReadOnlyList<string> also, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Data);
        string[] words =
        [
            .. Place.Launcher, "dotnet", Program, "node", "--data", Data, "--http", Place.HttpAddress, "--listen", Place.PeerAddress, .. _options, .. also,
        ];
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove("BASILISK_POSTGRES");
        start.Environment.Remove("BASILISK_PASSWORD");
        start.Environment["DOTNET_gcServer"] = "0";
        _output = new StreamWriter(Path.Combine(Data, "output.txt"), append: true) { AutoFlush = true };
        _process = Process.Start(start) ?? throw new HostFailedException(Name, "dotnet could not be started");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitAsync(async () => await StatusAsync(cancellation) is not null, StartTime, "answer on its HTTP surface", cancellation);
    }

    /// <summary>What the node says of itself; null while it does not answer.</summary>
    public async Task<StatusView?> StatusAsync(CancellationToken cancellation)
    {
        if (!IsRunning)
        {
            throw new HostFailedException(Name, LastWords());
        }

        try
        {
            return await _http.GetFromJsonAsync<StatusView>("/api/status", Json, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            _silence = error.InnerException?.Message ?? error.Message;
            return null;
        }
    }

    /// <summary>The node's name among peers.</summary>
    public async Task<string> PeerIdAsync(CancellationToken cancellation)
    {
        using JsonDocument answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/api/peers", UriKind.Relative), cancellation));
        return answer.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Waits until the node's status satisfies something.</summary>
    /// <exception cref="HostFailedException">It did not in time.</exception>
    public Task UntilAsync(Func<StatusView, bool> met, TimeSpan patience, string what, CancellationToken cancellation) => WaitAsync(
        async () => await StatusAsync(cancellation) is { } status && met(status), patience, what, cancellation);

    /// <summary>Runs another command of the program on the host, against its node.</summary>
    /// <exception cref="HostFailedException">The command failed.</exception>
    public async Task<string> CommandAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        (int exitCode, string output, string errors) = await Shell.RunAsync(
            [.. Place.Launcher, "dotnet", Program, .. words, "--data", Data, "--node", "http://" + Place.HttpAddress, "--json"], cancellation);
        return exitCode == 0 ? output : throw new HostFailedException(Name, $"`{string.Join(' ', words)}` failed: {output.Trim()} {errors.Trim()}");
    }

    /// <summary>Replays the stopped host's data from genesis, judging every round again.</summary>
    public async Task<HostVerification> VerifyAsync(CancellationToken cancellation)
    {
        (int exitCode, string output, string errors) = await Shell.RunAsync([.. Place.Launcher, "dotnet", Program, "verify", "--data", Data, "--json"], cancellation);
        string? line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(text => text.StartsWith('{'));
        if (line is null)
        {
            throw new HostFailedException(Name, $"`verify` ended with {exitCode}: {errors.Trim()}");
        }

        using JsonDocument json = JsonDocument.Parse(line);
        JsonElement root = json.RootElement;
        return root.TryGetProperty("clean", out JsonElement clean)
            ? new HostVerification(clean.GetBoolean(), root.GetProperty("height").GetInt64(), root.GetProperty("state_root").GetString()!, root.GetProperty("model_root").GetString()!, root.GetProperty("difference").GetString())
            : throw new HostFailedException(Name, $"`verify` said: {line}");
    }

    /// <summary>
    /// Asks the node to stop (SIGTERM, as a service manager does) and waits until it has. Not SIGINT: a shell that puts the rehearsal into
    /// its background makes it and every child ignore that.
    /// </summary>
    /// <exception cref="HostFailedException">It did not stop in time.</exception>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        await Shell.RunAsync(["kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture)], cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(StopTime, cancellation);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new HostFailedException(Name, $"it did not stop within {StopTime.TotalSeconds:0} s. {LastWords()}");
        }

        End();
    }

    /// <summary>SIGKILL: nothing of the node's own runs any more. Its database stays behind, as after a crash.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(cancellation);
        }

        End();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(CancellationToken.None);
        }
        finally
        {
            _http.Dispose();
            End();
        }
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "basilisk-node.dll");

    private async Task WaitAsync(Func<Task<bool>> met, TimeSpan patience, string what, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await met())
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                StatusView? last = await StatusAsync(cancellation);
                throw new HostFailedException(Name, $"it did not {what} within {patience.TotalSeconds:0} s; {(last is null ? $"it does not answer: {_silence}" : $"its status: {JsonSerializer.Serialize(last, Json)}")}");
            }

            await Task.Delay(Look, cancellation);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_http)
            {
                _output?.WriteLine(line);
            }
        }
    }

    private string LastWords()
    {
        string path = Path.Combine(Data, "output.txt");
        lock (_http)
        {
            _output?.Flush();
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return "its last words: " + string.Join(" | ", reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(5));
    }

    private void End()
    {
        lock (_http)
        {
            _output?.Dispose();
            _output = null;
        }

        _process?.Dispose();
        _process = null;
    }
}

/// <summary>A host of the rehearsal did not do what it should.</summary>
internal sealed class HostFailedException(string host, string what)
    : Failures.NodeException($"Host {host}: {what.TrimEnd('.')}. Its data directory and output.txt tell more: keep them with --keep DIR.")
{
    public override string Token => "host-failed";
}
