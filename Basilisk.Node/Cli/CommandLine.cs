using System.CommandLine;
using System.CommandLine.Invocation;
using Basilisk.Node.Cli.Bench;
using Basilisk.Node.Cli.Export;
using Basilisk.Node.Cli.Control;
using Basilisk.Node.Cli.Networks;
using Basilisk.Node.Cli.Simulate;
using Basilisk.Node.Cli.Wallets;

namespace Basilisk.Node.Cli;

/// <summary>The command line. Exit codes: 0 done, 1 something the message names kept it from being done, 2 the words are off.</summary>
internal static class CommandLine
{
    public const int Failed = 1;
    public const int Misused = 2;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    /// <summary>Every command, as <c>--help</c> shows them.</summary>
    public static RootCommand Create() => new("Basilisk: people who do not know each other train one language model, and are paid for measured improvement.")
    {
        UpCommand.Create(),
        NodeCommand.Create(),
        PortalCommand.Create(),
        StatusCommand.Create(),
        WalletCommand.Create(),
        GenesisCommand.Create(),
        PeersCommand.Create(),
        ChainCommand.Create(),
        ProjectionsCommand.Create(),
        VerifyCommand.Create(),
        BenchCommand.Create(),
        SimulateCommand.Create(),
        ExportCommand.Create(),
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var report = new ErrorReport(json: arguments.Contains("--json", StringComparer.Ordinal));
        ParseResult parse = Create().Parse(arguments);
        if (parse.Action is ParseErrorAction)
        {
            return report.Misuse(parse);
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime });
        }
        catch (OperationCanceledException)
        {
            return 0; // Ctrl-C is how a node is stopped.
        }
        catch (Exception error) when (ErrorReport.TokenOf(error) is not null)
        {
            return report.Failure(error);
        }
    }
}
