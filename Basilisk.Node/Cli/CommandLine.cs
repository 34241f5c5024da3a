using System.CommandLine;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Failures;
using Basilisk.Store;

namespace Basilisk.Node.Cli;

/// <summary>The command line. Exit codes: 0 done, 1 something the message names kept it from being done, 2 the words are off.</summary>
internal static class CommandLine
{
    public const int Failed = 1;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Basilisk: people who do not know each other train one language model, and are paid for measured improvement.")
        {
            UpCommand.Create(),
            NodeCommand.Create(),
            VerifyCommand.Create(),
        };
        ParseResult parse = root.Parse(arguments);
        try
        {
            int code = await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime });
            return parse.Errors.Count > 0 ? 2 : code;
        }
        catch (OperationCanceledException)
        {
            return 0; // Ctrl-C is how a node is stopped.
        }
        catch (Exception error) when (IsForTheUser(error))
        {
            Console.Error.WriteLine($"basilisk: {error.Message}");
            return Failed;
        }
    }

    /// <summary>Failures whose message says what was found and what to do next.</summary>
    private static bool IsForTheUser(Exception error) =>
        error is NodeException or StoreException or RefusedException
        or Model.Genesis.GenesisFileMissingException or Model.Genesis.GenesisFileCorruptException or Model.Genesis.GenesisOptionException or Model.Corpora.CorpusException;
}

/// <summary>A rule refused what the user asked for.</summary>
internal sealed class RefusedException(string what, Refusal refusal) : Exception($"{what}: {refusal}");
