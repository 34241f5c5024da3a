using System.Collections.Concurrent;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Sieges;

/// <summary>
/// A real node under attack: it mines, an honest node follows it, and somebody calls its JSON-RPC; then attackers come, one kind after the
/// other. The node is a process of its own; all else is in this one. Everything is on loopback, where no limit per address helps the node:
/// to it, the attackers look as if they had as many addresses as they like.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    /// <summary>Name of the stretch without an attack.</summary>
    public const string Quiet = "none";

    /// <summary>After which a call has failed.</summary>
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly SiegeOptions _options;
    private readonly NodeProcess _node;
    private readonly HonestNode _honest;
    private readonly IPeer _link;
    private readonly SiegeTarget _target;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    private Siege(SiegeOptions options, NodeProcess node, HonestNode honest, IPeer link, TimeProvider time)
    {
        (_options, _node, _honest, _link, _time) = (options, node, honest, link, time);
        _target = honest.Target(node.Peers, time);
        _http = new HttpClient { BaseAddress = node.Url, Timeout = GiveUp };
    }

    /// <summary>Starts both nodes and waits until the honest one is connected.</summary>
    /// <exception cref="SiegeFailedException">The node did not start, or the other did not connect.</exception>
    public static async Task<Siege> BeginAsync(SiegeOptions options, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        say(options.InMemory ? "starting a node, its events in memory" : "starting a node with a PostgreSQL of its own");
        NodeProcess node = await NodeProcess.StartAsync(options.InMemory, time, cancellation);
        HonestNode? honest = null;
        try
        {
            honest = await HonestNode.StartAsync(node.Peers, say, time, cancellation);
            return await UntilAsync(() => Task.FromResult(honest.Link is not null && honest.View.Height > 0), options.Patience, time, cancellation) && honest.Link is { } link
                ? new Siege(options, node, honest, link, time)
                : throw new SiegeFailedException($"the honest peer did not follow the node within {options.Patience.TotalSeconds:0} s.");
        }
        catch
        {
            if (honest is not null)
            {
                await honest.DisposeAsync();
            }

            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>One stretch.</summary>
    /// <param name="attack">Null: nobody attacks.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<SiegeReport> RunAsync(Attack? attack, CancellationToken cancellation)
    {
        var heard = new ConcurrentDictionary<string, long>();
        var tally = await Tally.BeginAsync(_http, cancellation);
        long height = _honest.View.Height;
        TimeSpan processor = _node.ProcessorTime;
        long start = _time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<RpcLatency> calling = new RpcProbe(_http, _time, _options.CallEvery).RunAsync(stop.Token);
        Task<long> watching = PeakAsync(stop.Token);
        Task[] attackers = attack is null ? [] : [.. Enumerable.Range(0, Math.Max(_options.Attackers, attack.AtLeast)).Select(_ => Task.Run(
            () => Attacks.RepeatAsync(attack, _target, reason => heard.AddOrUpdate(reason, 1, (_, count) => count + 1), stop.Token), CancellationToken.None))];
        try
        {
            await Task.Delay(_options.Duration, _time, cancellation);
            bool answered = attack is null or { AnsweredBy.Count: 0 };
            await UntilAsync(
                async () =>
                {
                    await tally.LookAsync(_http, cancellation);
                    answered = answered || attack!.AnsweredBy.Any(token => tally.Has(token) || heard.ContainsKey(token));
                    return answered && _honest.View.Height > height;
                },
                _options.Patience,
                _time,
                cancellation);
            double seconds = _time.GetElapsedTime(start).TotalSeconds;
            double used = (_node.ProcessorTime - processor).TotalSeconds;
            bool stayed = !_link.Closed.IsCancellationRequested;
            long blocks = _honest.View.Height - height;
            await stop.CancelAsync();
            return new SiegeReport(attack?.Name ?? Quiet, seconds, used, await calling, tally.Refused, tally.Banned, heard, await watching, blocks, stayed, answered);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll([.. attackers, calling, watching]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _honest.DisposeAsync();
        await _node.DisposeAsync();
    }

    private async Task<long> PeakAsync(CancellationToken stop)
    {
        long peak = 0;
        do
        {
            peak = Math.Max(peak, _node.WorkingSet);
            await Task.Delay(Look, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!stop.IsCancellationRequested);

        return peak;
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(start) > patience)
            {
                return false;
            }

            await Task.Delay(Look, time, cancellation);
        }

        return true;
    }

    /// <summary>Refusals and bans since a moment, as the node tells them.</summary>
    private sealed class Tally(Dictionary<string, long> refusedBefore, HashSet<BanView> bansBefore)
    {
        public IReadOnlyDictionary<string, long> Refused { get; private set; } = new Dictionary<string, long>();

        public IReadOnlyDictionary<string, long> Banned { get; private set; } = new Dictionary<string, long>();

        public static async Task<Tally> BeginAsync(HttpClient http, CancellationToken cancellation) =>
            new(await NodeProcess.RefusedAsync(http, cancellation), [.. await BansAsync(http, cancellation)]);

        public async Task LookAsync(HttpClient http, CancellationToken cancellation)
        {
            Refused = (await NodeProcess.RefusedAsync(http, cancellation))
                .Select(refused => (refused.Key, Count: refused.Value - refusedBefore.GetValueOrDefault(refused.Key)))
                .Where(refused => refused.Count > 0)
                .ToDictionary(refused => refused.Key, refused => refused.Count);
            Banned = (await BansAsync(http, cancellation)).Where(ban => !bansBefore.Contains(ban))
                .GroupBy(ban => ban.Reason)
                .ToDictionary(group => group.Key, group => (long)group.Count());
        }

        public bool Has(string token) => Refused.ContainsKey(token) || Banned.ContainsKey(token);

        private static async Task<IReadOnlyList<BanView>> BansAsync(HttpClient http, CancellationToken cancellation) =>
            (await NodeProcess.PeersAsync(http, cancellation))?.Bans ?? [];
    }
}
