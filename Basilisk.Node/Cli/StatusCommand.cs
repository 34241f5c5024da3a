using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Contracts;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli;

/// <summary><c>basilisk status</c>: what a running node is doing, asked over HTTP.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Create()
    {
        var command = new Command("status", "Ask a running node what it is doing. Exit code 0 when it answers, 1 when it does not.");
        var common = new CommonOptions();
        command.Options.Add(common.Node);
        command.Options.Add(common.Json);
        command.SetAction(async (parse, cancellation) =>
        {
            StatusView status = await AskAsync(NodeUrl.Parse(parse.GetValue(common.Node)!), cancellation);
            if (parse.GetValue(common.Json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(status, Json));
            }
            else
            {
                Print(status);
            }

            return 0;
        });
        return command;
    }

    private static async Task<StatusView> AskAsync(Uri node, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = node, Timeout = Patience };
        try
        {
            return await client.GetFromJsonAsync<StatusView>(Routes.Status, Json, cancellation)
                ?? throw new NodeUnreachableException(node.ToString(), "its answer is empty.");
        }
        catch (HttpRequestException error)
        {
            throw new NodeUnreachableException(node.ToString(), error.Message.TrimEnd('.') + ".");
        }
        catch (JsonException)
        {
            throw new NodeUnreachableException(node.ToString(), "what answers there is no Basilisk node.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NodeUnreachableException(node.ToString(), $"nothing came within {Patience.TotalSeconds:0} s.");
        }
    }

    private static void Print(StatusView now)
    {
        Row("network", $"{now.Network} (chain id {now.ChainId})");
        Row("height", now.Height.ToString(CultureInfo.InvariantCulture));
        Row("tip", now.TipHash);
        if (now.Conflict is { } conflict)
        {
            Row("CONFLICT", $"a chain with more work ends at {conflict.TipHeight} {conflict.TipHash}; it leaves this one at {conflict.ForkHeight} and would undo {conflict.SettledRoundsUndone} settled rounds. To follow it: ./basilisk chain follow");
        }

        Row("round", string.Create(CultureInfo.InvariantCulture, $"{now.Round}, {now.Phase}, {now.RoundProgress:P0}"));
        Row("state root", now.StateRoot);
        Row("model root", now.ModelRoot);
        Row("mempool", now.Mempool.ToString(CultureInfo.InvariantCulture));
        Row("peers", now.Peers.ToString(CultureInfo.InvariantCulture));
        Row("sync", SyncText.Of(now.Sync));
        Row("mining", now.Mining.Active
            ? string.Create(CultureInfo.InvariantCulture, $"{now.Mining.HashesPerSecond:F0} hashes/s, {now.Mining.Threads} threads at {now.Mining.DutyCycle:P0}, {now.Mining.BlocksFound} blocks found")
            : "off");
        Row("training", now.Training.Active
            ? string.Create(CultureInfo.InvariantCulture, $"{now.Training.Activity}, {now.Training.TokensPerSecond:F0} tokens/s, busy {now.Training.BusyShare:P0}, loss {now.Training.Loss:F3}")
            : "off");
        if (now.LastRound is { } last)
        {
            Row("last round", string.Create(CultureInfo.InvariantCulture, $"{last.Number}: gain {last.GainNats:F4} nats, {last.Released} released, holdout {last.HoldoutLoss:F3}"));
        }

        if (now.Account is { } account)
        {
            Row("account", account.Address);
            Row("balance", $"{(UInt256.TryParse(account.BalanceWei, out UInt256 wei) ? Bsk.Format(wei) : account.BalanceWei)} BSK, {account.PendingRewards} rewards pending");
        }

        Row("version", now.Version);
    }

    private static void Row(string name, string value) => Console.Out.WriteLine($"{name,-11} {value}");
}

/// <summary>URLs of nodes as people type them.</summary>
internal static class NodeUrl
{
    /// <exception cref="SettingOutOfRangeException">It is no http or https URL.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? url
            : throw new SettingOutOfRangeException("--node", $"'{text}'", "a URL such as http://127.0.0.1:8545");
}
