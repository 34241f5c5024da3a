namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>
/// A partition longer than finality reaches: both sides keep their chain when the lines are whole again, say so, and the operators of
/// the lighter side choose the heavier chain by hand.
/// </summary>
internal sealed class FinalitySchedule(int settledRounds) : IHostSchedule
{
    public string Name => "partition-beyond-finality";

    public async Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation)
    {
        HostProcess[] left = [.. cluster.Hosts.Take(2)];
        HostProcess[] right = [.. cluster.Hosts.Skip(2)];
        long before = await SettledAsync(left[0], cancellation);
        await cluster.Ground.SplitAsync(left, right, cancellation);
        cluster.Say($"split after {before} settled rounds, until each side has settled {settledRounds + 1} more");
        await Task.WhenAll(UntilSettledAsync(left[0], before + settledRounds + 1, cancellation), UntilSettledAsync(right[0], before + settledRounds + 1, cancellation));
        await cluster.Ground.HealAsync(cancellation);
        cluster.Say("healed: both sides should keep their chain");

        // The side with less work is the one that is asked to change and refuses.
        HostProcess lighter = await ConflictedAsync(cluster, cancellation);
        HostProcess[] lighterSide = left.Contains(lighter) ? left : right;
        string other = (await lighter.StatusAsync(cancellation))!.Conflict!.TipHash;

        // Each operator follows the chain that his own node keeps out: its end moves on, and not every node has the same headers yet.
        string[] tips = [.. (await Task.WhenAll(cluster.Hosts.Select(host => host.StatusAsync(cancellation)))).Select(status => status!.TipHash).Distinct()];
        foreach (HostProcess host in lighterSide)
        {
            await host.UntilAsync(status => status.Conflict is not null, HostCluster.Patience, "report the other chain", cancellation);
            await host.CommandAsync(["chain", "follow"], cancellation);
        }

        await PartitionSchedule.SameChainAsync(cluster, cancellation);
        return $"healed with {tips.Length} tips, conflict reported, {lighterSide.Length} operators chose {other[..10]}";
    }

    private static async Task<HostProcess> ConflictedAsync(HostCluster cluster, CancellationToken cancellation)
    {
        Task<HostProcess>[] waits = [.. cluster.Hosts.Select(async host =>
        {
            await host.UntilAsync(status => status.Conflict is not null, HostCluster.Patience, "report a chain beyond finality", cancellation);
            return host;
        })];
        return await await Task.WhenAny(waits);
    }

    private static async Task<long> SettledAsync(HostProcess host, CancellationToken cancellation) => (await host.StatusAsync(cancellation))!.RoundsSettled;

    private static Task UntilSettledAsync(HostProcess host, long settled, CancellationToken cancellation) =>
        host.UntilAsync(status => status.RoundsSettled >= settled, TimeSpan.FromMinutes(30), $"settle {settled} rounds", cancellation);
}
