using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>The hosts fall apart, two on one side, the rest on the other, across a round's end, and come together again.</summary>
internal sealed class PartitionSchedule : IHostSchedule
{
    public string Name => "partition-across-a-round-end";

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        HostProcess[] left = [.. cluster.Hosts.Take(2)];
        HostProcess[] right = [.. cluster.Hosts.Skip(2)];

        // Begin late in a round: one end passes on both sides, and not more than finality allows.
        await left[0].UntilAsync(status => status.Phase is "reveal" && status.RoundProgress < 0.8, HostCluster.Patience, "come to a reveal phase", cancellation);
        int round = (await left[0].StatusAsync(cancellation))!.Round;
        await cluster.Ground.SplitAsync(left, right, cancellation);
        cluster.Say($"split in round {round}");
        await Task.WhenAll(new[] { left[0], right[0] }.Select(host => host.UntilAsync(
            status => status.Round > round && status.RoundProgress > 0.1, HostCluster.Patience, "end the round on its side", cancellation)));
        StatusView[] apart = [(await left[0].StatusAsync(cancellation))!, (await right[0].StatusAsync(cancellation))!];
        await cluster.Ground.HealAsync(cancellation);
        cluster.Say("healed");
        await SameChainAsync(cluster, cancellation);
        return $"apart at {apart[0].Height} and {apart[1].Height} ({(apart[0].TipHash == apart[1].TipHash ? "the same tip" : "different tips")}) after the end of round {round}";
    }

    /// <summary>Waits until all hosts have been seen on one tip.</summary>
    public static async Task SameChainAsync(HostCluster cluster, CancellationToken cancellation)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            StatusView?[] all = await Task.WhenAll(cluster.Hosts.Select(host => host.StatusAsync(cancellation)));
            if (all.All(status => status is not null) && all.DistinctBy(status => status!.TipHash).Count() == 1)
            {
                return;
            }

            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > HostCluster.Patience)
            {
                throw new HostFailedException("of the cluster", "the hosts did not come back to one tip: " + string.Join("; ", all.Select(status => $"{status?.Height} {status?.TipHash[..10]}")));
            }

            await Task.Delay(250, cancellation);
        }
    }
}
