using System.Text.RegularExpressions;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>docs/operations.md and the program name the same commands, options, tokens and log events.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Manual = File.ReadAllText(Path.Combine(Root, "docs", "operations.md"));

    /// <summary>Commands of the container's and repository's scripts that are not this program's.</summary>
    private static readonly string[] Groups = ["wallet", "genesis", "projections", "simulate", "export", "peers"];

    [Fact]
    public async Task Every_command_and_option_in_the_manual_exists()
    {
        (string Command, string[] Options)[] documented = [.. CommandLines().Matches(Manual).Select(Read).GroupBy(line => line.Command)
            .Select(group => (group.Key, group.SelectMany(line => line.Options).Distinct().ToArray()))];
        Assert.True(documented.Length >= 15, $"only {documented.Length} commands were found: the pattern or the manual changed");
        foreach ((string command, string[] options) in documented)
        {
            ProgramResult help = await BasiliskProgram.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.True(help.ExitCode == 0, $"./basilisk {command}: {help.Errors}");
            Assert.Contains("Usage:", help.Output, StringComparison.Ordinal);
            Assert.All(options, option => Assert.True(Regex.IsMatch(help.Output, $@"(?<![\w-]){Regex.Escape(option)}(?![\w-])"), $"./basilisk {command} has no {option}"));
        }
    }

    [Fact]
    public async Task Every_command_of_the_program_is_in_the_manual()
    {
        foreach (string group in Groups.Prepend(""))
        {
            ProgramResult help = await BasiliskProgram.RunAsync([.. group.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            string[] commands = [.. CommandRows().Matches(help.Output[help.Output.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(row => row.Groups[1].Value)];
            Assert.NotEmpty(commands);
            Assert.All(commands, command => Assert.Contains($"./basilisk {group} {command}".Replace("  ", " ", StringComparison.Ordinal), Manual, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_token_of_a_node_failure_is_in_the_manual()
    {
        string source = File.ReadAllText(Path.Combine(Root, "Basilisk.Node", "Failures", "NodeException.cs"));
        string[] tokens = [.. Tokens().Matches(source).Select(match => match.Groups[1].Value)];
        Assert.True(tokens.Length >= 10, "the pattern no longer finds the tokens");
        Assert.All(tokens, token => Assert.Contains($"`{token}`", Manual, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_log_event_is_in_the_manual()
    {
        string source = File.ReadAllText(Path.Combine(Root, "Basilisk.Node", "Observability", "LogMessages.cs"));
        string[] events = [.. Events().Matches(source).Select(match => match.Groups[1].Value)];
        Assert.True(events.Length >= 20, "the pattern no longer finds the events");
        Assert.All(events, id => Assert.Contains($"| {id} |", Manual, StringComparison.Ordinal));
    }

    private static (string Command, string[] Options) Read(Match match)
    {
        string[] words = match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int depth = words.Length > 1 && Groups.Contains(words[0], StringComparer.Ordinal) && !words[1].StartsWith('-') ? 2 : 1;
        return (words[0].StartsWith('-') ? "" : string.Join(' ', words.Take(depth)), [.. words.Where(word => word.StartsWith("--", StringComparison.Ordinal))]);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Basilisk.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Basilisk.sln.");
    }

    [GeneratedRegex(@"\./basilisk ([a-z-][^`\n|;]*)")]
    private static partial Regex CommandLines();

    [GeneratedRegex(@"^  ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex CommandRows();

    [GeneratedRegex(@"Token => ""([a-z-]+)""")]
    private static partial Regex Tokens();

    [GeneratedRegex(@"LoggerMessage\((\d+),")]
    private static partial Regex Events();
}
