using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Basilisk.Chain.Signatures;
using Basilisk.Wallet.Keystores;
using Xunit;

namespace Basilisk.Node.Tests.Robustness;

/// <summary>A line of the node's log.</summary>
internal sealed record LogLine(int Event, string Message);

/// <summary>The node as users run it: a process of its own, here on the test network with a private PostgreSQL.</summary>
internal sealed class ChildNode : IDisposable
{
    public const string Password = "correct-horse-Kj4-battery";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _log;
    private long _read;
    private string _rest = "";

    private ChildNode(Process process, string log)
    {
        _process = process;
        _log = log;
        _read = File.Exists(log) ? new FileInfo(log).Length : 0;
    }

    /// <summary>What it wrote to standard output and standard error.</summary>
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

    public List<LogLine> Lines { get; } = [];

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Puts a key into a data directory's keystore, with costs that let a node start quickly.</summary>
    public static async Task ImportKeyAsync(string data, PrivateKey key, string password)
    {
        string folder = Path.Combine(data, "keystore");
        Directory.CreateDirectory(folder);
        var vault = new KeystoreFolder(folder, ScryptParameters.Light, System.Security.Cryptography.RandomNumberGenerator.GetBytes);
        await vault.AddAsync(key, password, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), password);
    }

    public static ChildNode Start(string data, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "basilisk-node.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments, "--data", data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["BASILISK_HOME"] = RepositoryRoot();
        start.Environment.Remove("BASILISK_POSTGRES");
        start.Environment.Remove("BASILISK_PASSWORD");
        var process = new Process { StartInfo = start };
        var node = new ChildNode(process, Path.Combine(data, "logs", "node.log"));
        process.OutputDataReceived += (_, line) => node.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => node.Keep(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return node;
    }

    /// <summary>Returns when the log holds <paramref name="count"/> lines of the events; false when the process has ended first.</summary>
    public async Task<bool> SeesAsync(int[] events, int count, TimeSpan patience)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            ReadLog();
            if (Lines.Count(line => events.Contains(line.Event)) >= count)
            {
                return true;
            }

            if (_process.HasExited)
            {
                return false;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < patience, $"the node logged no event {string.Join(" or ", events)} ({count} times) in {patience}; its output:\n{Output}");
            await Task.Delay(Look);
        }
    }

    /// <summary>SIGKILL: nothing of the process's own runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        ReadLog();
    }

    /// <summary>SIGINT, as Ctrl-C sends; how long it took to end.</summary>
    public Task<TimeSpan> InterruptAsync(TimeSpan patience) => SignalAsync("-INT", patience);

    /// <summary>SIGTERM, as service managers and containers send; how long it took to end.</summary>
    public Task<TimeSpan> TerminateAsync(TimeSpan patience) => SignalAsync("-TERM", patience);

    public async Task<int> EndAsync(TimeSpan patience)
    {
        await _process.WaitForExitAsync().WaitAsync(patience);
        ReadLog();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Processes that work in a private cluster's data: the server and its sessions.</summary>
    public static IReadOnlyList<int> Servers(string data)
    {
        string cluster = Path.Combine(data, "postgres", "data");
        var found = new List<int>();
        foreach (string entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && WorkingDirectory(id) == cluster)
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>SIGKILL to the database server and all its sessions.</summary>
    public static void KillServers(string data)
    {
        foreach (int id in Servers(data))
        {
            using Process kill = Process.Start("kill", ["-KILL", id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }

    private async Task<TimeSpan> SignalAsync(string signal, TimeSpan patience)
    {
        long started = Stopwatch.GetTimestamp();
        using Process kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(patience);
        return Stopwatch.GetElapsedTime(started);
    }

    private static string? WorkingDirectory(int id)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Basilisk.sln")) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        return folder;
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private void ReadLog()
    {
        if (!File.Exists(_log))
        {
            return;
        }

        using var stream = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(_read, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        string text = reader.ReadToEnd();
        _read += Encoding.UTF8.GetByteCount(text);
        string[] lines = (_rest + text).Split('\n');
        _rest = lines[^1];
        foreach (string line in lines[..^1].Where(line => line.StartsWith('{')))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Lines.Add(new LogLine(json.RootElement.GetProperty("event").GetInt32(), json.RootElement.GetProperty("message").GetString()!));
        }
    }
}
