using System.CommandLine;
using System.Globalization;
using Basilisk.Node.Failures;
using Basilisk.Node.Sieges;

namespace Basilisk.Node.Cli.Simulate;

/// <summary><c>basilisk simulate siege</c>: attacks a real node's peer port in every way known, and measures whether it stays responsive.</summary>
internal static class SiegeCommand
{
    private const double BytesPerMegabyte = 1 << 20;
    private static readonly SiegeOptions Defaults = new();

    public static Command Create()
    {
        var command = new Command(
            "siege", "Attack the peer port of a real node (loopback, a network of its own) in turn with slow, silent, oversize, flooding and lying peers: JSON-RPC's latency, refusals, bans. Exit code 1 where it does not withstand one.");
        var attacks = new Option<string[]>("--attack") { Description = "An attack; repeat for more. Default: all." };
        attacks.AcceptOnlyFromAmong([.. Attacks.All.Select(attack => attack.Name)]);
        var seconds = new Option<double>("--seconds") { Description = "How long each attack lasts at least.", DefaultValueFactory = _ => Defaults.Duration.TotalSeconds };
        var attackers = new Option<int>("--attackers") { Description = "Attackers at once.", DefaultValueFactory = _ => Defaults.Attackers };
        var common = new CommonOptions();
        foreach (Option option in new Option[] { attacks, seconds, attackers, common.InMemory, common.Json })
        {
            command.Options.Add(option);
        }

        command.SetAction((parse, cancellation) =>
        {
            if (parse.GetValue(seconds) is not (> 0 and <= 3600))
            {
                throw new UsageException("--seconds is above 0 and at most 3600.");
            }

            if (parse.GetValue(attackers) is < 1 or > 10_000)
            {
                throw new UsageException("--attackers is 1 to 10000.");
            }

            SiegeOptions options = Defaults with
            {
                Duration = TimeSpan.FromSeconds(parse.GetValue(seconds)), Attackers = parse.GetValue(attackers), InMemory = parse.GetValue(common.InMemory),
            };
            return RunAsync(parse.GetValue(attacks) ?? [], options, parse.GetValue(common.Json), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string[] names, SiegeOptions options, bool json, CancellationToken cancellation)
    {
        await using Siege siege = await Siege.BeginAsync(options, line => Console.Error.WriteLine($"siege: {line}"), TimeProvider.System, cancellation);
        Attack?[] attacks = [null, .. Attacks.All.Where(attack => names.Length == 0 || names.Contains(attack.Name, StringComparer.Ordinal))];
        SiegeReport? quiet = null;
        bool withstood = true;
        foreach (Attack? attack in attacks)
        {
            Console.Error.WriteLine($"siege: {(attack is null ? "Nobody attacks." : attack.What)}");
            SiegeReport report = await siege.RunAsync(attack, cancellation);
            quiet ??= report;
            Print(report, report.Rpc.P99Ms / quiet.Rpc.P99Ms, json);
            withstood &= report.Withstood;
        }

        return withstood ? 0 : CommandLine.Failed;
    }

    private static void Print(SiegeReport report, double ratio, bool json)
    {
        double peak = Math.Round(report.PeakBytes / BytesPerMegabyte, 1);
        if (json)
        {
            JsonLine.Write(new
            {
                attack = report.Attack, rpc_p50_ms = Math.Round(report.Rpc.MedianMs, 2), rpc_p99_ms = Math.Round(report.Rpc.P99Ms, 2), rpc_p99_ratio = Math.Round(ratio, 2),
                rpc_calls = report.Rpc.Calls, rpc_failures = report.Rpc.Failures, refused = report.Refused, banned = report.Banned, heard = report.Heard, peak_mb = peak,
                blocks = report.Blocks, honest_stayed = report.HonestStayed, withstood = report.Withstood, seconds = Math.Round(report.Seconds, 1), processor_seconds = Math.Round(report.ProcessorSeconds, 1),
            });
            return;
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Attack,-18} rpc p50 {report.Rpc.MedianMs,7:0.0} ms, p99 {report.Rpc.P99Ms,7:0.0} ms ({ratio:0.0} x)   refused {Counts(report.Refused)}   banned {Counts(report.Banned)}   {peak} MB   {report.Blocks} blocks   {(report.Withstood ? "withstood" : "NOT withstood")}"));
    }

    private static string Counts(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? "0" : string.Join(", ", counts.OrderByDescending(entry => entry.Value).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value}")));
}
