using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>Hosts join one after the other while the first mines and trains; a round is settled with all of them on board.</summary>
internal sealed class JoinSchedule(int hosts) : IHostSchedule
{
    public string Name => "join";

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        while (cluster.Hosts.Count < hosts)
        {
            await cluster.AddAsync([], cancellation);
        }

        // Everybody knows one address; the others are found through it.
        await cluster.UntilAllAsync(status => status.Peers >= Math.Min(hosts - 1, 3), "find more peers than the one it was told of", cancellation);
        StatusView? first = await cluster.Hosts[0].StatusAsync(cancellation);
        int round = first!.Round;
        await cluster.UntilAllAsync(status => status.Round >= round + 2, "end two rounds more", cancellation);
        StatusView? last = await cluster.Hosts[^1].StatusAsync(cancellation);
        return $"{hosts} hosts from one address, {last!.Peers} peers on the last, round {last.Round}";
    }
}
