using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>A new host joins late: by a full replay with judging, or from a snapshot.</summary>
internal sealed class LateSchedule(bool fast) : IHostSchedule
{
    public string Name => fast ? "late-host-fast-sync" : "late-host-full-sync";

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        long height = await cluster.HeightAsync(cancellation);
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        HostProcess late = await cluster.AddAsync(fast ? ["--fast"] : [], cancellation);
        await late.UntilAsync(status => status.Height >= height, HostCluster.Patience, $"reach height {height}", cancellation);
        TimeSpan took = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        await PartitionSchedule.SameChainAsync(cluster, cancellation);
        StatusView status = (await late.StatusAsync(cancellation))!;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"caught up {height} blocks in {took.TotalSeconds:F0} s, now at {status.Height}");
    }
}
