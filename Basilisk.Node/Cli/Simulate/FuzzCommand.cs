using System.CommandLine;
using System.Globalization;
using Basilisk.Node.Failures;
using Basilisk.Node.Fuzzing;
using Basilisk.Node.Fuzzing.Samples;

namespace Basilisk.Node.Cli.Simulate;

/// <summary><c>basilisk simulate fuzz</c>: gives every decoder inputs that strangers could send, and counts what it does not stand.</summary>
internal static class FuzzCommand
{
    private const long DefaultCases = 1_000_000;
    private const double BytesPerMegabyte = 1 << 20;

    public static Command Create()
    {
        var command = new Command("fuzz", "Give every decoder random, generated and changed inputs: only refusals with a token, bounded memory. Exit code 1 where one does worse.");
        var targets = new Option<string[]>("--target") { Description = "A decoder; repeat for more. Default: all." };
        targets.AcceptOnlyFromAmong([.. FuzzTargets.All.Select(target => target.Name)]);
        var cases = new Option<long>("--cases") { Description = "Inputs over all decoders, shared by their costs.", DefaultValueFactory = _ => DefaultCases };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same inputs.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new CommonOptions().Json;
        foreach (Option option in new Option[] { targets, cases, seed, json })
        {
            command.Options.Add(option);
        }

        command.SetAction((parse, cancellation) =>
            RunAsync(parse.GetValue(targets) ?? [], parse.GetValue(cases), parse.GetValue(seed), parse.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] names, long cases, ulong seed, bool json, CancellationToken cancellation)
    {
        if (cases < 1)
        {
            throw new UsageException("--cases is at least 1.");
        }

        FuzzTarget[] targets = [.. FuzzTargets.All.Where(target => names.Length == 0 || names.Contains(target.Name, StringComparer.Ordinal))];
        await using FuzzSamples samples = await FuzzSamples.CreateAsync(cancellation);
        var run = new FuzzRun(samples, seed);
        bool clean = true;
        foreach ((FuzzTarget target, long share) in FuzzRun.Share(targets, cases))
        {
            FuzzReport report = run.Run(target, share, cancellation);
            Print(report, json);
            clean &= report.IsClean;
        }

        return clean ? 0 : CommandLine.Failed;
    }

    private static void Print(FuzzReport report, bool json)
    {
        foreach (FuzzFind find in report.Finds)
        {
            Console.Error.WriteLine($"fuzz: {report.Decoder}: {find.Kind} at case {find.Case}: {find.Detail}; input {Convert.ToHexStringLower(find.Input)}");
        }

        double peak = Math.Round(report.PeakBytes / BytesPerMegabyte, 3);
        double held = Math.Round(report.HeldBytes / BytesPerMegabyte, 3);
        if (json)
        {
            JsonLine.Write(new
            {
                decoder = report.Decoder, cases = report.Cases, accepted = report.Accepted, tokens = report.Tokens.Count, crashes = report.Crashes,
                untyped = report.Untyped, not_canonical = report.NotCanonical, peak_mb = peak, held_mb = held,
            });
            return;
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Decoder,-16} {report.Cases,12:#,0} cases  {report.Accepted,10:#,0} accepted  {report.Tokens.Count,3} tokens  {report.Crashes} crashes  {report.Untyped} untyped  {report.NotCanonical} not canonical  {peak} MB at most"));
    }
}
