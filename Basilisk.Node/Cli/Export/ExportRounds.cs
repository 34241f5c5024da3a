using System.CommandLine;
using System.Globalization;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Hosting;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Verification;
using Basilisk.Store;

namespace Basilisk.Node.Cli.Export;

/// <summary><c>basilisk export rounds</c>: what a second implementation needs to judge rounds again, with the recorded results.</summary>
internal sealed class ExportRounds
{
    private readonly CommonOptions _common = new();
    private readonly Option<string> _out = new("--out") { Description = "Folder to write to.", Required = true };
    private readonly Option<string?> _rounds = new("--rounds") { Description = "First and last round, as in 4-6. Default: the last three that had contributions." };

    public static Command Create()
    {
        var export = new ExportRounds();
        var command = new Command("rounds", "Write rounds of the data directory with all that judging them needs: tools/exact/judge_rounds.py judges them again. The node must be stopped.");
        foreach (Option option in new Option[] { export._out, export._rounds, export._common.Data, export._common.Postgres, export._common.Json })
        {
            command.Options.Add(option);
        }

        command.SetAction(export.RunAsync);
        return command;
    }

    /// <exception cref="UsageException">It is no range.</exception>
    internal static (ulong First, ulong Last)? ReadRange(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] ends = text.Split('-');
        return ends.Length is 1 or 2
            && ulong.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong first)
            && ulong.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong last)
                ? (first, last)
                : throw new UsageException($"--rounds is a round or a range such as 4-6, not '{text}'.");
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        (ulong First, ulong Last)? range = ReadRange(parse.GetValue(_rounds));
        string folder = Path.GetFullPath(parse.GetValue(_out)!);
        using DataDirectory directory = DataDirectory.OpenExisting(parse.GetValue(_common.Data)!);
        Network network = NetworkFolder.Load(directory.Network, cancellation);
        var storage = new StorageOptions { ConnectionString = parse.GetValue(_common.Postgres) ?? Environment.GetEnvironmentVariable("BASILISK_POSTGRES") };
        await using IStore store = await StoreOpener.OpenAsync(storage, directory, new ErrorCounter(), TimeProvider.System, cancellation);
        bool json = parse.GetValue(_common.Json);
        IProgress<long>? progress = json || Console.IsErrorRedirected ? null : new Progress<long>(height => Console.Error.Write($"\rexporting: height {height}"));
        IReadOnlyList<ExportedRound> rounds = await new RoundExporter(network, store.Events).RunAsync(folder, range, progress, cancellation);
        if (json)
        {
            JsonLine.Write(new { @event = "export", rounds = rounds.Select(round => round.Round), contributions = rounds.Sum(round => round.Contributions.Count), folder });
        }
        else
        {
            Console.Error.WriteLine();
            Console.Out.WriteLine($"{rounds.Count} rounds ({string.Join(", ", rounds.Select(round => round.Round))}) in {folder}\nJudge them again with: python3 tools/exact/judge_rounds.py {folder}");
        }

        return 0;
    }
}
