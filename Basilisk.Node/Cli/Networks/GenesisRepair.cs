using System.CommandLine;
using Basilisk.Node.Genesis;
using Basilisk.Node.Hosting;

namespace Basilisk.Node.Cli.Networks;

/// <summary><c>basilisk genesis repair</c>: makes a damaged network's files again and replaces them only where they are the same network.</summary>
internal static class GenesisRepair
{
    public static Command Create()
    {
        var command = new Command("repair", "Make a data directory's damaged or missing network files again. Nothing is replaced unless the roots are the same. The node must be stopped.");
        var common = new CommonOptions();
        var corpus = new Option<string?>("--corpus") { Description = "Folder of the original texts; needed for networks made by `basilisk genesis create`." };
        command.Options.Add(common.Data);
        command.Options.Add(corpus);
        command.Options.Add(common.Json);
        command.SetAction(async (parse, cancellation) =>
        {
            using DataDirectory directory = DataDirectory.OpenExisting(parse.GetValue(common.Data)!);
            var repair = new NetworkRepair(directory.Network, parse.GetValue(corpus));
            RepairResult result = await Terminal.WithProgressAsync("repair", line => Task.Run(() => repair.Run(Environment.ProcessorCount, new GenesisBar(line), cancellation), cancellation));
            if (parse.GetValue(common.Json))
            {
                JsonLine.Write(new { @event = "repaired", folder = directory.Network, compared_with = result.ComparedWith, result.Replaced });
            }
            else
            {
                Console.Out.WriteLine(result.Replaced.Count == 0
                    ? "Every file is whole; nothing was replaced."
                    : $"Replaced {string.Join(", ", result.Replaced)}; the roots are those of {result.ComparedWith}.");
            }

            return 0;
        });
        return command;
    }
}
