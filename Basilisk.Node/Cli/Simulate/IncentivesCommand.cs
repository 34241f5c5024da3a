using System.CommandLine;
using Basilisk.Simulation.Incentives;

namespace Basilisk.Node.Cli.Simulate;

/// <summary><c>basilisk simulate incentives</c>: best splits by kappa, credit by steps, hiding blocks.</summary>
internal static class IncentivesCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "Runs of what is trained and mined for real.", DefaultValueFactory = _ => new IncentiveOptions().Seeds };
        seeds.Require(value => value is >= 1 and <= 1_000, "--seeds is 1 to 1000.");
        var markdown = new Option<string?>("--markdown") { Description = "File to write the tables to. In a file that has them already, they are replaced." };
        markdown.AcceptLegalFilePathsOnly();
        markdown.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } file && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            {
                result.AddError($"--markdown {file}: its folder does not exist.");
            }
        });
        Option<bool> json = new CommonOptions().Json;
        var command = new Command("incentives", "How a machine is best split between hashing and training for each kappa, what steps per unit earn, and what hiding blocks pays.")
        {
            seeds,
            markdown,
            json,
        };
        command.SetAction((parse, cancellation) => Task.Run(() => RunAsync(parse.GetValue(seeds), parse.GetValue(markdown), parse.GetValue(json), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int seeds, string? markdown, bool json, CancellationToken cancellation)
    {
        Action<object> found = json ? JsonLine.Write : _ => { };
        var study = new IncentiveStudy(new IncentiveOptions { Seeds = seeds });
        string tables = IncentiveTables.Of(study.Run(found, new ErrorLines(), cancellation));
        if (!json)
        {
            await Console.Out.WriteAsync(tables);
        }

        if (markdown is not null)
        {
            string before = File.Exists(markdown) ? await File.ReadAllTextAsync(markdown, cancellation) : "";
            await File.WriteAllTextAsync(markdown, IncentiveTables.WriteInto(before, tables), cancellation);
        }

        return 0;
    }

    private sealed class ErrorLines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine($"simulate: {value}");
    }
}
