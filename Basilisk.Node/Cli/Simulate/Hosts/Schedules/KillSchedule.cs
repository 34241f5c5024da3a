namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>Two hosts are killed (SIGKILL) at moments drawn from the seed, three times each, and started again while the others go on.</summary>
internal sealed class KillSchedule(int seed) : IHostSchedule
{
    private const int Kills = 3;

    public string Name => "kill-and-restart";

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var heights = new List<long>();
        for (int kill = 0; kill < Kills; kill++)
        {
            foreach (HostProcess host in cluster.Hosts.TakeLast(2))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_000, 8_000)), cancellation);
                heights.Add((await host.StatusAsync(cancellation))?.Height ?? 0);
                await host.KillAsync(cancellation);
                await host.StartAsync([], cancellation);
            }
        }

        long tip = await cluster.HeightAsync(cancellation);
        await cluster.UntilAllAsync(status => status.Height >= tip, "catch up after being killed", cancellation);
        return $"killed at heights {string.Join(", ", heights)}";
    }
}
