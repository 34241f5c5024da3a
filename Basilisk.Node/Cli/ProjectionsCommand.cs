using System.CommandLine;
using Basilisk.Node.Failures;
using Basilisk.Node.Hosting;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Projections;
using Basilisk.Store;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Cli;

/// <summary><c>basilisk projections</c>: how far the derived tables are, and making them anew from the events. The node must be stopped.</summary>
internal static class ProjectionsCommand
{
    public static Command Create() => new("projections", "Look at or rebuild what is derived from the events. The node must be stopped.")
    {
        Status(),
        Rebuild(),
    };

    private static Command Status()
    {
        var command = new Command("status", "Show how far each projection is.");
        CommonOptions common = Add(command);
        command.SetAction((parse, cancellation) => WithStoreAsync(
            parse,
            common,
            async runner =>
            {
                foreach (ProjectionStatus status in await runner.StatusAsync(cancellation))
                {
                    Print(status, parse.GetValue(common.Json));
                }

                return 0;
            },
            cancellation));
        return command;
    }

    private static Command Rebuild()
    {
        var command = new Command("rebuild", "Drop a projection's documents and derive them again from the first event on.");
        CommonOptions common = Add(command);
        var name = new Argument<string?>("name") { Description = $"One of: {string.Join(", ", Names)}.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Rebuild every projection." };
        command.Arguments.Add(name);
        command.Options.Add(all);
        command.SetAction((parse, cancellation) =>
        {
            IReadOnlyList<string> chosen = Choose(parse.GetValue(name), parse.GetValue(all));
            return WithStoreAsync(parse, common, runner => RebuildAsync(runner, chosen, parse.GetValue(common.Json), cancellation), cancellation);
        });
        return command;
    }

    private static string[] Names => [.. ProjectionSet.All().Select(projection => projection.Name)];

    private static IReadOnlyList<string> Choose(string? name, bool all)
    {
        if (all == name is not null)
        {
            throw new UsageException($"Name one projection ({string.Join(", ", Names)}), or give --all.");
        }

        if (name is not null && !Names.Contains(name, StringComparer.Ordinal))
        {
            throw new UsageException($"There is no projection '{name}'. There are: {string.Join(", ", Names)}.");
        }

        return name is null ? Names : [name];
    }

    private static async Task<int> RebuildAsync(ProjectionRunner runner, IReadOnlyList<string> names, bool json, CancellationToken cancellation)
    {
        await Terminal.WithProgressAsync("rebuild", async line =>
        {
            foreach (string name in names)
            {
                line.Report(name, 0, 0);
                await runner.RebuildAsync(name, new Relay(line), cancellation);
            }

            return names.Count;
        });
        foreach (ProjectionStatus status in (await runner.StatusAsync(cancellation)).Where(status => names.Contains(status.Name, StringComparer.Ordinal)))
        {
            Print(status, json);
        }

        return 0;
    }

    private static CommonOptions Add(Command command)
    {
        var common = new CommonOptions();
        foreach (Option option in new Option[] { common.Data, common.Postgres, common.Json })
        {
            command.Options.Add(option);
        }

        return common;
    }

    private static async Task<int> WithStoreAsync(ParseResult parse, CommonOptions common, Func<ProjectionRunner, Task<int>> work, CancellationToken cancellation)
    {
        using DataDirectory directory = DataDirectory.OpenExisting(parse.GetValue(common.Data)!);
        var storage = new StorageOptions { ConnectionString = parse.GetValue(common.Postgres) ?? Environment.GetEnvironmentVariable("BASILISK_POSTGRES") };
        await using IStore store = await StoreOpener.OpenAsync(storage, directory, new ErrorCounter(), TimeProvider.System, cancellation);
        return await work(new ProjectionRunner(store, ProjectionSet.All(), null, TimeProvider.System));
    }

    private static void Print(ProjectionStatus status, bool json)
    {
        if (json)
        {
            JsonLine.Write(new { @event = "projection", status.Name, status.Version, status.Position, status.HighWater, behind = status.HighWater - status.Position });
        }
        else
        {
            Console.Out.WriteLine($"{status.Name,-14} version {status.Version}, at event {status.Position} of {status.HighWater}");
        }
    }

    private sealed class Relay(ProgressLine line) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => line.Report(value.Projection, value.Position, value.Target);
    }
}
