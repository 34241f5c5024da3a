using System.CommandLine;

namespace Basilisk.Node.Cli.Networks;

/// <summary><c>basilisk genesis show</c>: a network's parameters, roots and hashes, all of them checked against its files.</summary>
internal static class GenesisShow
{
    public static Command Create()
    {
        var command = new Command("show", "Show a network's rules, roots and hashes; its files are checked against them.");
        var choice = new NetworkChoice();
        choice.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            new NetworkDescription(choice.Load(parse, cancellation)).Print(parse.GetValue(choice.Json));
            return Task.FromResult(0);
        });
        return command;
    }
}
