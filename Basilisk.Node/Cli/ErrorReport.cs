using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Model.Corpora;
using Basilisk.Model.Genesis;
using Basilisk.Node.Failures;
using Basilisk.Store;

namespace Basilisk.Node.Cli;

/// <summary>
/// Says to the user what kept a command from being done: one line on the error output, without a stack trace; with
/// <c>--json</c> also <c>{"event":"error","token":…,"message":…}</c> on the output.
/// </summary>
internal sealed partial class ErrorReport(bool json)
{
    private const string UsageToken = "usage";
    private const string FileToken = "file-unusable";

    /// <summary>
    /// The stable token of a failure that the user can do something about; null of all others, which are faults of the program and
    /// keep their stack trace.
    /// </summary>
    public static string? TokenOf(Exception error) => error switch
    {
        NodeException node => node.Token,
        RefusedException refused => refused.Token,
        StoreException or CorpusException => Kebab(error),
        GenesisFileMissingException or GenesisFileCorruptException or GenesisOptionException or UnsoundParametersException => Kebab(error),
        IOException or UnauthorizedAccessException => FileToken,
        _ => null,
    };

    /// <summary>Words that are no command line.</summary>
    public int Misuse(ParseResult parse)
    {
        string command = string.Join(' ', Names(parse.CommandResult).Reverse());
        string problem = parse.UnmatchedTokens is [string stray, ..]
            ? $"'{stray}' is no command or option here"
            : parse.Errors[0].Message.TrimEnd('.', ' ');
        Write(UsageToken, $"{problem}. See `{command} --help`.");
        return CommandLine.Misused;
    }

    /// <summary>A failure with a token.</summary>
    public int Failure(Exception error)
    {
        string token = TokenOf(error) ?? throw new ArgumentException("Only failures with a token are for the user.", nameof(error));
        string message = token == FileToken ? $"{error.Message.TrimEnd('.')}. Check the path, its permissions and the free space." : error.Message;
        Write(token, message);
        return error is UsageException or SettingOutOfRangeException or GenesisOptionException ? CommandLine.Misused : CommandLine.Failed;
    }

    private void Write(string token, string message)
    {
        string line = LineBreaks().Replace(message, " ");
        Console.Error.WriteLine($"basilisk: {line}");
        if (json)
        {
            JsonLine.Write(new { @event = "error", token, message = line });
        }
    }

    private static IEnumerable<string> Names(CommandResult result)
    {
        SymbolResult? at = result;
        while (at is CommandResult command)
        {
            yield return command.Parent is null ? "./basilisk" : command.Command.Name;
            at = command.Parent;
        }
    }

    /// <summary>PostgresNotFoundException → postgres-not-found: a type per cause makes the type's name the cause's.</summary>
    private static string Kebab(Exception error) =>
        Capitals().Replace(error.GetType().Name.Replace("Exception", "", StringComparison.Ordinal), "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z](?=[a-z])")]
    private static partial Regex Capitals();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}

/// <summary>A rule refused what the user asked for.</summary>
internal sealed class RefusedException(string what, Refusal refusal) : Exception($"{what}: {refusal.Detail} ({refusal.Token})")
{
    public string Token { get; } = refusal.Token;
}
