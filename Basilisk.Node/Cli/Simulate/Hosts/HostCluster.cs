using System.Globalization;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>Whether hosts ended at one chain.</summary>
internal sealed record Agreement(bool SameTip, bool SameState, bool SameModel, bool VerifyClean, long Height, long RoundsSettled, string Detail);

/// <summary>The hosts of a rehearsal, what they run on, and how they are brought to rest and compared.</summary>
internal sealed class HostCluster(IHostGround ground, string folder, string network, IReadOnlyList<string> options, Action<string> say)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly string[] Still = ["--no-mine", "--no-train"];
    private readonly List<HostProcess> _hosts = [];

    public IHostGround Ground => ground;

    public IReadOnlyList<HostProcess> Hosts => _hosts;

    public Action<string> Say => say;

    /// <summary>Adds a host: the first brings the network, the others get it from the first.</summary>
    /// <param name="also">Options of this host alone.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<HostProcess> AddAsync(IReadOnlyList<string> also, CancellationToken cancellation)
    {
        int index = _hosts.Count + 1;
        HostPlace place = await ground.AddAsync(index, cancellation);
        string data = Path.Combine(folder, "h" + index.ToString(CultureInfo.InvariantCulture));
        string[] joining = index == 1 ? ["--network", network] : ["--join", _hosts[0].Place.PeerAddress];
        var host = new HostProcess(ground, place, data, [.. joining, .. options, .. also]);
        _hosts.Add(host);
        await host.StartAsync([], cancellation);
        say($"host {index} is up at {place.PeerAddress}");
        return host;
    }

    public Task UntilAllAsync(Func<StatusView, bool> met, string what, CancellationToken cancellation) =>
        Task.WhenAll(_hosts.Where(host => host.IsRunning).Select(host => host.UntilAsync(met, Patience, what, cancellation)));

    /// <summary>The highest height any host is at.</summary>
    public async Task<long> HeightAsync(CancellationToken cancellation)
    {
        StatusView?[] all = await Task.WhenAll(_hosts.Where(host => host.IsRunning).Select(host => host.StatusAsync(cancellation)));
        return all.Max(status => status?.Height ?? 0);
    }

    /// <summary>
    /// Lets the hosts come to rest (restarted without mining and training), waits until all are on one tip, stops them, and replays each
    /// one's data from genesis. Afterwards they run again as before.
    /// </summary>
    public async Task<Agreement> AgreeAsync(CancellationToken cancellation)
    {
        await RestartAsync(Still, cancellation);
        StatusView[] at = await AtRestAsync(cancellation);
        await Task.WhenAll(_hosts.Select(host => host.StopAsync(cancellation)));
        var verified = new HostVerification[_hosts.Count];
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        await Parallel.ForAsync(0, _hosts.Count, atOnce, async (index, stop) =>
        {
            HostVerification found = verified[index] = await _hosts[index].VerifyAsync(stop);
            say($"{_hosts[index].Name}: verified to height {found.Height}, {(found.Clean ? "clean" : found.Difference)}");
        });
        await StartAllAsync([], cancellation);
        return new Agreement(
            at.DistinctBy(status => status.TipHash).Count() == 1,
            at.DistinctBy(status => status.StateRoot).Count() == 1 && verified.DistinctBy(found => found.StateRoot).Count() == 1,
            at.DistinctBy(status => status.ModelRoot).Count() == 1 && verified.DistinctBy(found => found.ModelRoot).Count() == 1,
            verified.All(found => found.Clean) && verified.Zip(at, (found, status) => found.StateRoot == status.StateRoot).All(same => same),
            at[0].Height,
            at.Max(status => (long)(status.LastRound?.Number ?? -1)) + 1,
            string.Join("; ", _hosts.Zip(at, (host, status) => $"{host.Name} {status.Height} {status.TipHash[..10]}")));
    }

    /// <summary>Stops every host in order and starts it again.</summary>
    public async Task RestartAsync(IReadOnlyList<string> also, CancellationToken cancellation)
    {
        await Task.WhenAll(_hosts.Select(host => host.StopAsync(cancellation)));
        await StartAllAsync(also, cancellation);
    }

    private async Task StartAllAsync(IReadOnlyList<string> also, CancellationToken cancellation)
    {
        foreach (HostProcess host in _hosts)
        {
            await host.StartAsync(also, cancellation); // one after the other: starting is the heaviest moment
        }
    }

    /// <summary>Statuses once all show one tip, or after the patience as they are.</summary>
    private async Task<StatusView[]> AtRestAsync(CancellationToken cancellation)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            StatusView?[] all = await Task.WhenAll(_hosts.Select(host => host.StatusAsync(cancellation)));
            StatusView[] known = [.. all.OfType<StatusView>()];
            bool late = System.Diagnostics.Stopwatch.GetElapsedTime(started) > Patience;
            if (known.Length == _hosts.Count && (late || known.DistinctBy(status => status.TipHash).Count() == 1))
            {
                return known;
            }

            if (late)
            {
                throw new HostFailedException("of the cluster", $"only {known.Length} of {_hosts.Count} hosts answer");
            }

            await Task.Delay(500, cancellation);
        }
    }
}
