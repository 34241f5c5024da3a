using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>One host has a line of 128 kbit/s for a round; the others must not wait for it, and it must not be lost.</summary>
internal sealed class SlowPeerSchedule : IHostSchedule
{
    public string Name => "slow-peer";

    public string? Refuse(IHostGround ground) => ground.CanSlow ? null : string.Join("; ", ground.Missing);

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        HostProcess slow = cluster.Hosts[^1];
        await cluster.Ground.SlowAsync(slow, true, cancellation);
        int round = (await cluster.Hosts[0].StatusAsync(cancellation))!.Round;
        await cluster.Hosts[0].UntilAsync(status => status.Round >= round + 2, HostCluster.Patience, "go on beside a slow peer", cancellation);
        StatusView fast = (await cluster.Hosts[0].StatusAsync(cancellation))!;
        StatusView behind = (await slow.StatusAsync(cancellation))!;
        await cluster.Ground.SlowAsync(slow, false, cancellation);
        await PartitionSchedule.SameChainAsync(cluster, cancellation);
        return $"at height {fast.Height} the slow host was at {behind.Height}";
    }
}
