using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>One host's clock is an hour off. Ahead: nobody takes its blocks. Behind: it takes nobody's. Put right, it is back with the rest.</summary>
internal sealed class WrongClockSchedule(string name, int offsetSeconds) : IHostSchedule
{
    public string Name => name;

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        HostProcess odd = cluster.Hosts[^1];
        await odd.StopAsync(cancellation);
        await odd.StartAsync(["--clock-offset", offsetSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)], cancellation);
        int round = (await cluster.Hosts[0].StatusAsync(cancellation))!.Round;
        await cluster.Hosts[0].UntilAsync(status => status.Round >= round + 1 && status.RoundProgress > 0.2, HostCluster.Patience, "go on beside a host with a wrong clock", cancellation);
        StatusView rest = (await cluster.Hosts[0].StatusAsync(cancellation))!;
        StatusView wrong = (await odd.StatusAsync(cancellation))!;
        await odd.StopAsync(cancellation);
        await odd.StartAsync([], cancellation);
        await PartitionSchedule.SameChainAsync(cluster, cancellation);
        return $"with a clock {offsetSeconds} s off it was at height {wrong.Height}, the rest at {rest.Height}";
    }
}
