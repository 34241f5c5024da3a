using System.CommandLine;
using Basilisk.Node.Hosting;

namespace Basilisk.Node.Cli;

/// <summary><c>basilisk portal</c>: the portal alone, in the foreground, for a node that runs elsewhere.</summary>
internal static class PortalCommand
{
    public static Command Create()
    {
        var command = new Command("portal", "Run the portal in the foreground for a node that is already running. Stops on Ctrl-C.");
        var common = new CommonOptions();
        var listen = new Option<string>("--listen") { Description = "Address and port of the portal.", DefaultValueFactory = _ => "127.0.0.1:5080" };
        command.Options.Add(common.Node);
        command.Options.Add(listen);
        command.SetAction((parse, cancellation) =>
            PortalProcess.RunAsync(parse.GetValue(listen)!, NodeUrl.Parse(parse.GetValue(common.Node)!).ToString().TrimEnd('/'), cancellation));
        return command;
    }
}
