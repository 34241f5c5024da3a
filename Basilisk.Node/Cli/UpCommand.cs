using System.CommandLine;
using System.Net;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Hosting;
using Basilisk.Node.Options;

namespace Basilisk.Node.Cli;

/// <summary><c>basilisk up</c>: node, miner, trainer and portal on this machine, with a live screen.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var command = new Command("up", "Start a node and its portal on this machine: mine, train, judge, show. Stops on Ctrl-C and resumes where it was.");
        var common = new CommonOptions();
        common.AddNodeOptions(command);
        var fresh = new Option<bool>("--fresh") { Description = "Start over: remove chain, network and training state first (keys are kept)." };
        var noPortal = new Option<bool>("--no-portal") { Description = "Do not start the portal." };
        var portal = new Option<string>("--portal") { Description = "Address and port of the portal.", DefaultValueFactory = _ => "127.0.0.1:5080" };
        var duration = new Option<TimeSpan?>("--for") { Description = $"Run this long ({Duration.Form}), then stop.", CustomParser = Duration.Parse };
        foreach (Option option in new Option[] { fresh, noPortal, portal, duration })
        {
            command.Options.Add(option);
        }

        command.SetAction((parse, cancellation) => RunAsync(
            ListeningByItself(common.ReadNodeOptions(parse), isChosen: parse.GetValue(common.Listen) is not null),
            parse.GetValue(fresh),
            parse.GetValue(noPortal) ? null : parse.GetValue(portal),
            parse.GetValue(duration),
            parse.GetValue(common.Json),
            cancellation));
        return command;
    }

    /// <summary>Unless the user chose, peers of this machine may connect; where somebody else has the port, nobody may, and the screen says so.</summary>
    private static NodeOptions ListeningByItself(NodeOptions options, bool isChosen)
    {
        if (!isChosen)
        {
            options.Peers.Listen = new IPEndPoint(IPAddress.Loopback, PeerOptions.DefaultPort).ToString();
            options.Peers.ListenIfFree = true;
        }

        return options;
    }

    private static async Task<int> RunAsync(NodeOptions options, bool fresh, string? portalAddress, TimeSpan? duration, bool json, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var screen = StatusScreen.For(json);
        await using NodeHost host = await NodeHost.StartAsync(options, fresh, screen.Say, TimeProvider.System, cancellation);
        await using PortalProcess? portal = portalAddress is null ? null : await PortalProcess.StartAsync(portalAddress, host.Url, cancellation);
        screen.Started(host.Url, portal?.Url, host.PeerAddress);
        if (duration is { } time)
        {
            ending.CancelAfter(time);
        }

        INodeStatusSource status = host.Services.GetRequiredService<INodeStatusSource>();
        await screen.RunAsync(status.Now, Refresh, host.Failure, ending.Token);
        Summary summary = Summary.Of(
            host.Services.GetRequiredService<ChainstateService>().Current, host.Services.GetRequiredService<ChainFacts>(), status.Now(), host.ErrorCount);
        screen.Finished(summary);
        if (host.Failure.IsFaulted)
        {
            await host.Failure;
        }

        return 0;
    }
}
