using System.CommandLine;
using System.Text.Json;
using Basilisk.Exact.Judging;
using Basilisk.Node.Genesis;
using Basilisk.Node.Hosting;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Verification;
using Basilisk.Store;

namespace Basilisk.Node.Cli;

/// <summary><c>basilisk verify</c>: replays a data directory from genesis and prints the tip's roots, or the first difference.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var command = new Command("verify", "Replay the data directory from genesis, judging every round again, and check every projection. The node must be stopped.");
        var common = new CommonOptions();
        command.Options.Add(common.Data);
        command.Options.Add(common.Postgres);
        command.Options.Add(common.Json);
        command.SetAction((parse, cancellation) => RunAsync(
            parse.GetValue(common.Data)!,
            new StorageOptions { ConnectionString = parse.GetValue(common.Postgres) ?? Environment.GetEnvironmentVariable("BASILISK_POSTGRES") },
            parse.GetValue(common.Json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string data, StorageOptions storage, bool json, CancellationToken cancellation)
    {
        using DataDirectory directory = DataDirectory.OpenExisting(data);
        Network network = NetworkFolder.Load(directory.Network, cancellation);
        await using IStore store = await StoreOpener.OpenAsync(storage, directory, new ErrorCounter(), TimeProvider.System, cancellation);
        IProgress<long>? progress = json || Console.IsErrorRedirected ? null : new Progress<long>(height => Console.Error.Write($"\rverifying: height {height}"));
        VerificationResult result = await new ChainVerifier(network, store.Events, new IntegerLossEvaluator(Environment.ProcessorCount)).RunAsync(progress, cancellation);
        string? difference = result.Difference ?? await ProjectionAudit.RunAsync(store, cancellation);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new
            {
                @event = "verify",
                height = result.Height,
                from = result.From,
                rounds = result.Rounds,
                state_root = result.StateRoot,
                model_root = result.ModelRoot,
                clean = difference is null,
                difference,
            }));
        }
        else
        {
            Console.Error.WriteLine();
            if (result.From > 0)
            {
                Console.Out.WriteLine($"from height {result.From}: what came before was not replayed, because this node started from a snapshot or pruned old payloads; the state there was verified against the headers from genesis");
            }

            Console.Out.WriteLine($"height {result.Height}, {result.Rounds} rounds judged\nstate root {result.StateRoot}\nmodel root {result.ModelRoot}");
            Console.Out.WriteLine(difference is null ? "clean: every block, round, checkpoint and projection is what the log gives" : $"first difference: {difference}");
        }

        return difference is null ? 0 : CommandLine.Failed;
    }
}
