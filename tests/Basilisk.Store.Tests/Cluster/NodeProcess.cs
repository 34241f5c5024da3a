using System.Diagnostics;
using System.Runtime.CompilerServices;
using Basilisk.Store.Cluster;
using Basilisk.Store.Postgres;
using Basilisk.Store.Tests.Support;

namespace Basilisk.Store.Tests.Cluster;

/// <summary>
/// A process of its own that starts a cluster, appends an event, says so, and then waits to be killed: this test program started
/// again with a directory in its environment.
/// </summary>
internal sealed class NodeProcess : IDisposable
{
    private const string Variable = "BASILISK_TEST_CLUSTER_DIRECTORY";
    private readonly Process _process;

    private NodeProcess(Process process, int serverId)
    {
        _process = process;
        ServerId = serverId;
    }

    public int ServerId { get; }

    public int Id => _process.Id;

    /// <param name="directory">Of the cluster.</param>
    /// <param name="workingDirectory">Where the process starts; null: where this one runs.</param>
    public static async Task<NodeProcess> StartAsync(string directory, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Basilisk.Store.Tests"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        start.Environment[Variable] = directory;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(int.TryParse(line, out var serverId), $"the child said: {line}");
        return new NodeProcess(process, serverId);
    }

    /// <summary>SIGKILL: nothing of the process's own runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets it stop its server and end.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

#pragma warning disable CA2255 // The one way to run before the test framework's generated Main.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RunAsChild()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } directory)
        {
            return;
        }
        // Everything waits on this thread: others may not enter this module before its initializer has returned.
        var cluster = PrivateCluster.StartAsync(new ClusterOptions(directory) { SharedBuffersMegabytes = 16 }).GetAwaiter().GetResult();
        var events = PostgresStore.OpenAsync(cluster.ConnectionString).GetAwaiter().GetResult().Events;
        var version = events.StreamVersionAsync("chain").GetAwaiter().GetResult();
        events.AppendAsync("chain", version, [Expect.Event(1)]).GetAwaiter().GetResult();
        Console.WriteLine(cluster.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        // Ends when killed, or when the test that started it is gone.
        Console.In.ReadToEnd();
        cluster.StopAsync().GetAwaiter().GetResult();
        Environment.Exit(0);
    }
}
