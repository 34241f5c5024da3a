using System.CommandLine;
using System.Globalization;
using Basilisk.Exact.Payloads;
using Basilisk.Simulation;
using Basilisk.Simulation.Settlement;

namespace Basilisk.Node.Cli.Simulate;

/// <summary><c>basilisk simulate adversaries</c>: what each attack is paid, as a share of what honest work is paid.</summary>
internal static class AdversariesCommand
{
    private const int MostSeeds = 1000;

    public static Command Create()
    {
        var command = new Command("adversaries", "Measure what each attack earns beside honest participants, under the real rules.");
        var attacks = new Option<string[]>("--attack") { Description = "An attack to measure; may be repeated. Default: all.", AllowMultipleArgumentsPerToken = true };
        attacks.AcceptOnlyFromAmong([.. Studies.All(1).SelectMany(study => study.Attacks)]);
        var seeds = new Option<int>("--seeds") { Description = "Independent runs behind each figure.", DefaultValueFactory = _ => 5 };
        var threads = new Option<int>("--threads") { Description = "Runs at once; the figures do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var entries = new Option<int>("--entries") { Description = "Most entries of a payload per 4,096 weights, k.", DefaultValueFactory = _ => new SettlementPlan().Network.Payload.EntriesPerChunk };
        RequireRange(entries, PayloadCodec.ChunkWeights);
        RequireRange(seeds, MostSeeds);
        RequireRange(threads, MostSeeds);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Page whose table is written anew; made where it does not exist." };
        Option<bool> json = new CommonOptions().Json;
        command.Options.Add(attacks);
        command.Options.Add(seeds);
        command.Options.Add(threads);
        command.Options.Add(entries);
        command.Options.Add(markdown);
        command.Options.Add(json);
        command.SetAction(async (parse, cancellation) =>
        {
            bool asJson = parse.GetValue(json);
            string[] chosen = parse.GetValue(attacks) is { Length: > 0 } some ? some : [.. Studies.All(1).SelectMany(study => study.Attacks)];
            var results = new List<AttackResult>();
            foreach (IAttackStudy study in Studies.All(parse.GetValue(threads), parse.GetValue(entries)).Where(study => study.Attacks.Any(chosen.Contains)))
            {
                foreach (AttackResult result in study.Run([.. study.Attacks.Where(chosen.Contains)], parse.GetValue(seeds), new Progress(), cancellation))
                {
                    Print(result, asJson);
                    results.Add(result);
                }
            }

            if (parse.GetValue(markdown) is { } page)
            {
                string text = page.Exists ? await File.ReadAllTextAsync(page.FullName, cancellation) : "";
                string line = string.Create(CultureInfo.InvariantCulture, $"./basilisk simulate adversaries --json --seeds {parse.GetValue(seeds)} --entries {parse.GetValue(entries)}");
                await File.WriteAllTextAsync(page.FullName, AdversaryTable.WriteInto(text, results, line, TimeProvider.System.GetUtcNow()), cancellation);
            }

            return 0;
        });
        return command;
    }

    private static void Print(AttackResult result, bool json)
    {
        if (json)
        {
            JsonLine.Write(result with
            {
                CreditRatio = Math.Round(result.CreditRatio, 4),
                CoinRatio = Math.Round(result.CoinRatio, 4),
                StandardError = Math.Round(result.StandardError, 4),
                CoinStandardError = Math.Round(result.CoinStandardError, 4),
            });
            return;
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Attack,-36} credit {result.CreditRatio,7:0.000} ±{result.StandardError:0.000}   coins {result.CoinRatio,7:0.000} ±{result.CoinStandardError:0.000}   {result.Seeds} seeds"));
    }

    private static void RequireRange(Option<int> option, int most) => option.Require(value => value >= 1 && value <= most, $"{option.Name} is 1 to {most}.");

    /// <summary>What is being done goes to the error output, in order, from any thread.</summary>
    private sealed class Progress : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine($"simulate: {value}");
    }
}
