using System.CommandLine;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Hosting;

namespace Basilisk.Node.Cli.Networks;

/// <summary><c>basilisk genesis</c>: networks from one's own texts, and the files of those there are.</summary>
internal static class GenesisCommand
{
    public static Command Create() => new("genesis", "Networks: make one from your own texts, show, repair, and hand out its tokenizer.")
    {
        GenesisCreate.Create(),
        GenesisShow.Create(),
        GenesisRepair.Create(),
        GenesisTokenizer.Create(),
    };
}

/// <summary>The folder that a command reads a network from: one made by <c>genesis create</c>, or the one in a data directory.</summary>
internal sealed class NetworkChoice
{
    private readonly CommonOptions _common = new();
    private readonly Argument<string?> _folder = new("folder")
    {
        Description = "Folder made by `basilisk genesis create`. Default: the network of the data directory.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<bool> Json => _common.Json;

    public void AddTo(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(_common.Data);
        command.Options.Add(_common.Json);
    }

    /// <exception cref="DataDirectoryMissingException">No folder was named and the data directory has no network.</exception>
    public Network Load(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(_folder) is { } folder)
        {
            return NetworkFolder.Load(folder, cancellation);
        }

        DataDirectory data = DataDirectory.Look(parse.GetValue(_common.Data)!);
        return NetworkFolder.Exists(data.Network) ? NetworkFolder.Load(data.Network, cancellation) : throw new DataDirectoryMissingException(data.Root);
    }
}
