using System.CommandLine;
using Basilisk.Node.Hosting;
using Basilisk.Node.Options;

namespace Basilisk.Node.Cli;

/// <summary><c>basilisk node</c>: one node without portal or screen, for services and containers.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var command = new Command("node", "Run a node without portal or screen.");
        var common = new CommonOptions();
        common.AddNodeOptions(command);
        command.SetAction(async (parse, cancellation) =>
        {
            NodeOptions options = common.ReadNodeOptions(parse);
            await using NodeHost host = await NodeHost.StartAsync(options, fresh: false, Console.Error.WriteLine, TimeProvider.System, cancellation);
            Console.Error.WriteLine($"node: {host.Url}");
            Console.Error.WriteLine($"peers: {host.PeerAddress ?? "none may connect"}");
            await Task.WhenAny(Task.Delay(Timeout.Infinite, cancellation), host.Failure);
            if (!cancellation.IsCancellationRequested)
            {
                await host.Failure;
            }

            return 0;
        });
        return command;
    }
}
