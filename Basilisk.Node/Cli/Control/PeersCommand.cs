using System.CommandLine;
using System.Globalization;
using Basilisk.Contracts;
using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Cli.Control;

/// <summary><c>basilisk peers</c>: whom a running node talks to, and the operator's say in it.</summary>
internal static class PeersCommand
{
    public static Command Create() => new("peers", "Show, add, ban and pardon the peers of a running node.") { List(), Add(), Ban(), Unban() };

    private static Command List()
    {
        var command = new Command("list", "Show the live connections and the bans.");
        CommonOptions common = Common(command);
        command.SetAction(async (parse, cancellation) =>
        {
            using var client = new ControlClient(NodeUrl.Parse(parse.GetValue(common.Node)!), parse.GetValue(common.Data)!);
            PeersView view = await client.GetAsync<PeersView>(Routes.Peers, cancellation);
            if (parse.GetValue(common.Json))
            {
                JsonLine.Write(view);
            }
            else
            {
                Print(view);
            }

            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var peer = new Argument<string>("peer") { Description = "HOST:PORT of the peer to join and to stay connected with until the node stops." };
        var command = new Command("add", "Join a peer and keep it connected.") { peer };
        CommonOptions common = Common(command);
        command.SetAction((parse, cancellation) => ChangeAsync(
            parse,
            common,
            client => client.PostAsync<PeerChange>($"{Routes.ControlPeers}?peer={Uri.EscapeDataString(parse.GetValue(peer)!)}", cancellation),
            change => change.Changed ? $"{change.Target} is joined; `./basilisk peers list` shows when it is connected." : $"{change.Target} was joined before."));
        return command;
    }

    private static Command Ban()
    {
        var target = new Argument<string>("target") { Description = "A peer's id (or the beginning of a live peer's), or an address." };
        var hours = new Option<double?>("--hours") { Description = "How long. Default: a day." };
        var command = new Command("ban", "Close the connection with a peer or an address, and take no more for a while.") { target };
        command.Options.Add(hours);
        CommonOptions common = Common(command);
        command.SetAction((parse, cancellation) =>
        {
            string time = parse.GetValue(hours) is { } given ? string.Create(CultureInfo.InvariantCulture, $"&hours={given}") : "";
            return ChangeAsync(
                parse,
                common,
                client => client.PostAsync<PeerChange>($"{Routes.ControlBans}?target={Uri.EscapeDataString(parse.GetValue(target)!)}{time}", cancellation),
                change => $"{change.Target} is banned.");
        });
        return command;
    }

    private static Command Unban()
    {
        var target = new Argument<string>("target") { Description = "A peer's id or an address, as `peers list` shows it." };
        var command = new Command("unban", "End a ban.") { target };
        CommonOptions common = Common(command);
        command.SetAction((parse, cancellation) => ChangeAsync(
            parse,
            common,
            client => client.DeleteAsync<PeerChange>($"{Routes.ControlBans}?target={Uri.EscapeDataString(parse.GetValue(target)!)}", cancellation),
            change => $"{change.Target} is no longer banned."));
        return command;
    }

    private static CommonOptions Common(Command command)
    {
        var common = new CommonOptions();
        command.Options.Add(common.Data);
        command.Options.Add(common.Node);
        command.Options.Add(common.Json);
        return common;
    }

    private static async Task<int> ChangeAsync(ParseResult parse, CommonOptions common, Func<ControlClient, Task<PeerChange>> send, Func<PeerChange, string> words)
    {
        using var client = new ControlClient(NodeUrl.Parse(parse.GetValue(common.Node)!), parse.GetValue(common.Data)!);
        PeerChange change = await send(client);
        if (parse.GetValue(common.Json))
        {
            JsonLine.Write(change);
        }
        else
        {
            Console.Out.WriteLine(words(change));
        }

        return 0;
    }

    private static void Print(PeersView view)
    {
        Console.Out.WriteLine($"this node  {view.Id}");
        Console.Out.WriteLine($"listening  {view.Listening ?? "nowhere"}");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"known      {view.Known} addresses"));
        foreach (PeerView peer in view.Peers)
        {
            string trip = peer.RoundTripSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms") : "-";
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(peer.Inbound ? "in " : "out")} {peer.Id[..12]}  {peer.Address,-22} height {peer.Height}, round trip {trip}, {peer.BytesReceived} bytes in, {peer.BytesSent} out, score {peer.Score:0}, {peer.Agent}"));
        }

        foreach (BanView ban in view.Bans)
        {
            Console.Out.WriteLine($"banned {ban.Peer ?? ban.Address} until {DateTimeOffset.FromUnixTimeSeconds(ban.Until).ToString("u", CultureInfo.InvariantCulture)}: {ban.Reason}");
        }
    }
}
