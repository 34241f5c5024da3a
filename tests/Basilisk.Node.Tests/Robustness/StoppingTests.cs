using Basilisk.Node.Failures;
using Basilisk.Node.Hosting;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Robustness;

/// <summary>Every way a node ends leaves no server behind and a directory that the next start can use.</summary>
[Trait("Speed", "Slow")]
public sealed class StoppingTests
{
    private const int BlockConnected = 1101;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Ctrl_C_stops_the_node_and_its_server_within_ten_seconds()
    {
        string output = await StoppedAsync(node => node.InterruptAsync(Patience));
        Assert.Contains("\"event\":\"summary\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public Task SIGTERM_stops_the_node_and_its_server_within_ten_seconds() => StoppedAsync(node => node.TerminateAsync(Patience));

    [Fact]
    public async Task After_its_time_the_node_stops_itself_and_its_server()
    {
        using var folder = new TemporaryFolder();
        string data = await DataAsync(folder);
        using ChildNode node = ChildNode.Start(data, [.. Arguments(), "--for", "5s"]);
        await RunningAsync(node);
        Assert.Equal(0, await node.EndAsync(Patience));
        Assert.Contains("\"errors\":0", node.Output, StringComparison.Ordinal);
        AssertLeftNothing(data);
    }

    [Fact]
    public async Task A_port_in_use_ends_the_start_with_the_next_step_and_no_server_left()
    {
        using var folder = new TemporaryFolder();
        string data = await DataAsync(folder);
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string address = $"127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}";
        using ChildNode node = ChildNode.Start(data, "up", "--network", "test", "--no-portal", "--json", "--http", address);
        Assert.Equal(1, await node.EndAsync(Patience));
        RequirePostgres(node);
        Assert.Contains("in use by another process", node.Output, StringComparison.Ordinal);
        Assert.Contains("--http", node.Output, StringComparison.Ordinal);
        AssertLeftNothing(data);
    }

    [Fact]
    public async Task Starting_over_stops_the_server_that_a_killed_node_left()
    {
        using var folder = new TemporaryFolder();
        string data = await DataAsync(folder);
        using (ChildNode killed = ChildNode.Start(data, Arguments()))
        {
            await RunningAsync(killed);
            await killed.KillAsync();
        }

        IReadOnlyList<int> left = ChildNode.Servers(data);
        Assert.NotEmpty(left);
        using ChildNode node = ChildNode.Start(data, [.. Arguments(), "--fresh", "--for", "5s"]);
        Assert.Equal(0, await node.EndAsync(Patience));
        Assert.DoesNotContain(left, id => Directory.Exists($"/proc/{id}"));
        AssertLeftNothing(data);
        string log = await File.ReadAllTextAsync(Path.Combine(data, "logs", "node.log"));
        Assert.Equal(2, log.Split("Replayed ").Length);
        Assert.Contains("Replayed 0 blocks", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_directory_is_held_by_one_node_at_a_time()
    {
        using var folder = new TemporaryFolder();
        using (DataDirectory.Open(folder.Path))
        {
            DataDirectoryBusyException busy = Assert.Throws<DataDirectoryBusyException>(() => DataDirectory.Open(folder.Path));
            Assert.Contains($"process {Environment.ProcessId}", busy.Message, StringComparison.Ordinal);
        }

        using DataDirectory again = DataDirectory.Open(folder.Path);
        Assert.Equal(folder.Path, again.Root);
    }

    /// <summary>Starts a node, stops it, and checks that it ended in time and in order; what it wrote.</summary>
    private static async Task<string> StoppedAsync(Func<ChildNode, Task<TimeSpan>> stop)
    {
        using var folder = new TemporaryFolder();
        string data = await DataAsync(folder);
        using ChildNode node = ChildNode.Start(data, Arguments());
        await RunningAsync(node);
        TimeSpan took = await stop(node);
        Assert.True(took < StopTime, $"it took {took.TotalSeconds:F1} s");
        Assert.Equal(0, node.ExitCode);
        AssertLeftNothing(data);
        return node.Output;
    }

    private static async Task<string> DataAsync(TemporaryFolder folder)
    {
        string data = folder.Sub("data");
        await ChildNode.ImportKeyAsync(data, TestNode.KeyOf(7), ChildNode.Password);
        return data;
    }

    private static string[] Arguments() =>
        ["up", "--network", "test", "--no-portal", "--json", "--http", "127.0.0.1:0", "--duty", "0.02", "--train-threads", "1"];

    private static async Task RunningAsync(ChildNode node)
    {
        bool running = await node.SeesAsync([BlockConnected], 3, Patience);
        RequirePostgres(node);
        Assert.True(running, node.Output);
    }

    private static void RequirePostgres(ChildNode node) =>
        Assert.SkipWhen(node.HasExited && node.Output.Contains("initdb", StringComparison.Ordinal) && node.Output.Contains("not found", StringComparison.OrdinalIgnoreCase), "There is no PostgreSQL on this machine.");

    private static void AssertLeftNothing(string data)
    {
        Assert.Empty(ChildNode.Servers(data));
        using DataDirectory free = DataDirectory.Open(data);
        Assert.Equal(data, free.Root);
    }
}
