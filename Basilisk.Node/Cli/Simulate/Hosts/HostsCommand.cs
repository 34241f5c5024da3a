using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Basilisk.Node.Cli.Simulate.Hosts.Schedules;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>The result of one schedule.</summary>
internal sealed record ScheduleResult(
    [property: JsonPropertyName("schedule")] string Schedule,
    [property: JsonPropertyName("ground")] string Ground,
    [property: JsonPropertyName("nodes")] int Nodes,
    [property: JsonPropertyName("same_tip")] bool SameTip,
    [property: JsonPropertyName("same_state")] bool SameState,
    [property: JsonPropertyName("same_model")] bool SameModel,
    [property: JsonPropertyName("verify_clean")] bool VerifyClean,
    [property: JsonPropertyName("height")] long Height,
    [property: JsonPropertyName("rounds_ended")] long RoundsEnded,
    [property: JsonPropertyName("seconds")] double Seconds,
    [property: JsonPropertyName("seen")] string Seen,
    [property: JsonPropertyName("missing")] IReadOnlyList<string> Missing)
{
    public bool Agreed => SameTip && SameState && SameModel && VerifyClean;
}

/// <summary>
/// <c>basilisk simulate hosts</c>: real nodes with a real database each, on addresses of their own, through everything that happens to
/// networks. After each schedule all must be at one tip with the same state and model, and every one's log must verify.
/// </summary>
internal sealed class HostsCommand
{
    // Large batches, so few steps: with the usual ones so small a model takes ten thousand in a round, and payloads of so long a way overshoot.
    private static readonly string[] Training = ["--train-threads", "1", "--units", "1", "--batch", "1024", "--learning-rate", "0.0003", "--duty", "0.01"];

    private readonly Option<int> _hosts = new("--hosts") { Description = "Hosts, 3 to 12.", DefaultValueFactory = _ => 5 };
    private readonly Option<string[]> _schedules = new("--schedule") { Description = "Only these schedules, in this order; join always comes first.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _loopback = new("--loopback") { Description = "Ports of this machine instead of network namespaces: needs no root." };
    private readonly Option<uint> _interval = new("--block-interval") { Description = "Seconds between blocks.", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _seed = new("--seed") { Description = "Draws the moments of the kills.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _keep = new("--keep") { Description = "Keep every host's data and output in this folder." };
    private readonly Option<bool> _json = new CommonOptions().Json;

    public static Command Create()
    {
        var hosts = new HostsCommand();
        var command = new Command("hosts", "Run real nodes on hosts of their own through joins, partitions, kills, slow lines and wrong clocks, and compare them.");
        foreach (Option option in new Option[] { hosts._hosts, hosts._schedules, hosts._loopback, hosts._interval, hosts._seed, hosts._keep, hosts._json })
        {
            command.Options.Add(option);
        }

        command.SetAction(hosts.RunAsync);
        return command;
    }

    private static IHostSchedule[] All(int seed) =>
    [
        new PartitionSchedule(),
        new FinalitySchedule(settledRounds: 2), // early: a model this small has learnt what it can after some twenty rounds, and later ones settle empty
        new KillSchedule(seed),
        new SlowPeerSchedule(),
        new WrongClockSchedule("clock-ahead", 3_600),
        new WrongClockSchedule("clock-behind", -3_600),
        new LateSchedule(fast: false),
        new LateSchedule(fast: true),
    ];

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        int count = parse.GetValue(_hosts);
        Options.Check.Range("--hosts", count, 3, 12);
        IHostSchedule[] chosen = Choose(parse.GetValue(_schedules) ?? [], All(parse.GetValue(_seed)));
        string? keep = parse.GetValue(_keep);
        string folder = keep is null ? Directory.CreateTempSubdirectory("basilisk-hosts-").FullName : Directory.CreateDirectory(keep).FullName;
        bool json = parse.GetValue(_json);
        Action<string> say = json ? Console.Error.WriteLine : Console.Out.WriteLine;
        await using IHostGround ground = parse.GetValue(_loopback) ? new LoopbackGround() : await NamespaceGround.CreateAsync(cancellation);
        string network = Path.Combine(folder, "network");
        HostNetwork.Create(network, parse.GetValue(_interval), TimeProvider.System, cancellation);
        var cluster = new HostCluster(ground, folder, network, Training, say);
        bool agreed = true;
        try
        {
            await cluster.AddAsync([], cancellation);
            foreach (IHostSchedule schedule in chosen.Prepend(new JoinSchedule(count)))
            {
                agreed &= await RunAsync(schedule, cluster, json, cancellation);
            }
        }
        finally
        {
            await StopAllAsync(cluster);
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return agreed ? 0 : CommandLine.Failed;
    }

    private static async Task<bool> RunAsync(IHostSchedule schedule, HostCluster cluster, bool json, CancellationToken cancellation)
    {
        if (schedule.Refuse(cluster.Ground) is { } reason)
        {
            cluster.Say($"{schedule.Name}: skipped, {reason}");
            return true;
        }

        cluster.Say($"--- {schedule.Name}");
        long started = Stopwatch.GetTimestamp();
        string seen = await schedule.RunAsync(cluster, cancellation);
        Agreement found = await cluster.AgreeAsync(cancellation);
        var result = new ScheduleResult(
            schedule.Name, cluster.Ground.Name, cluster.Hosts.Count, found.SameTip, found.SameState, found.SameModel, found.VerifyClean, found.Height,
            found.RoundsSettled, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1), seen, cluster.Ground.Missing);
        if (json)
        {
            JsonLine.Write(result);
        }
        else
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{schedule.Name}: {(result.Agreed ? "agreed" : "DISAGREED: " + found.Detail)} at height {found.Height} after {result.Seconds:F0} s; {seen}"));
        }

        return result.Agreed;
    }

    private static async Task StopAllAsync(HostCluster cluster)
    {
        foreach (HostProcess host in cluster.Hosts)
        {
            try
            {
                await host.DisposeAsync();
            }
            catch (HostFailedException error)
            {
                cluster.Say(error.Message);
            }
        }
    }

    private static IHostSchedule[] Choose(string[] names, IHostSchedule[] all)
    {
        string[] unknown = [.. names.Except(all.Select(schedule => schedule.Name)).Where(name => name != "join")];
        return unknown.Length > 0
            ? throw new UsageException($"There is no schedule '{unknown[0]}'. Choose from: join, {string.Join(", ", all.Select(schedule => schedule.Name))}.")
            : names.Length == 0 ? all : [.. names.Where(name => name != "join").Select(name => all.Single(schedule => schedule.Name == name))];
    }
}
