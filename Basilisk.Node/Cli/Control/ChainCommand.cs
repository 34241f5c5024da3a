using System.CommandLine;
using Basilisk.Contracts;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Control;

/// <summary><c>basilisk chain</c>: the operator's decisions about the chain of a running node.</summary>
internal static class ChainCommand
{
    public static Command Create() => new("chain", "Decide which chain a running node follows.") { Follow() };

    private static Command Follow()
    {
        var hash = new Argument<string?>("hash")
        {
            Description = "A block of the chain to follow. Default: the end of the chain with more work that finality keeps out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("follow", "Let the node follow a chain that rolling finality keeps out. The choice is kept in the log.") { hash };
        var common = new CommonOptions();
        command.Options.Add(common.Data);
        command.Options.Add(common.Node);
        command.Options.Add(common.Json);
        command.SetAction(async (parse, cancellation) =>
        {
            string query = parse.GetValue(hash) is { } given ? "?hash=" + Uri.EscapeDataString(given) : "";
            using var client = new ControlClient(NodeUrl.Parse(parse.GetValue(common.Node)!), parse.GetValue(common.Data)!);
            FollowedChain followed = await client.PostAsync<FollowedChain>(Routes.FollowChain + query, cancellation);
            if (parse.GetValue(common.Json))
            {
                JsonLine.Write(followed);
            }
            else
            {
                Console.Out.WriteLine($"The node may follow chains with block {followed.Height} {followed.Hash}. Its best header chain now ends at {followed.BestHeight} {followed.BestHash}.");
            }

            return 0;
        });
        return command;
    }
}
