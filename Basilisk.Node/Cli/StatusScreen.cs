using System.Globalization;
using System.Text.Json;
using Basilisk.Contracts.NodeStatus;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Basilisk.Node.Cli;

/// <summary>What <c>basilisk up</c> shows: one live screen on a terminal, lines elsewhere, JSON where asked for.</summary>
internal abstract class StatusScreen
{
    private const string NoListening = "none may connect; --listen ADDRESS:PORT opens a door";

    public static StatusScreen For(bool json) => json ? new JsonScreen() : Console.IsOutputRedirected ? new LineScreen() : new LiveScreen();

    public abstract void Say(string line);

    public abstract void Started(string nodeUrl, string? portalUrl, string? peers);

    public abstract Task RunAsync(Func<StatusView> status, TimeSpan refresh, Task failure, CancellationToken ending);

    public abstract void Finished(Summary summary);

    /// <summary>Waits a while; false when it is time to end.</summary>
    protected static async Task<bool> WaitAsync(TimeSpan time, Task failure, CancellationToken ending)
    {
        Task waited = await Task.WhenAny(Task.Delay(time, ending), failure);
        return waited != failure && !ending.IsCancellationRequested;
    }

    private sealed class JsonScreen : StatusScreen
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
        private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

        public override void Say(string line) => Write(new { @event = "progress", message = line });

        public override void Started(string nodeUrl, string? portalUrl, string? peers) => Write(new { @event = "started", node = nodeUrl, portal = portalUrl, peers });

        public override async Task RunAsync(Func<StatusView> status, TimeSpan refresh, Task failure, CancellationToken ending)
        {
            while (await WaitAsync(Interval, failure, ending))
            {
                StatusView now = status();
                Write(new
                {
                    @event = "status",
                    now.Height,
                    now.Round,
                    now.Phase,
                    hashes_per_second = Math.Round(now.Mining.HashesPerSecond),
                    tokens_per_second = Math.Round(now.Training.TokensPerSecond),
                    loss = now.Training.Loss,
                    training_busy = Math.Round(now.Training.BusyShare, 3),
                    gain_last_round = now.LastRound?.GainNats,
                    peers = now.Peers,
                    sync_phase = now.Sync.Phase,
                    sync_current = now.Sync.Current,
                    target_height = now.Sync.TargetHeight,
                    blocks_per_second = now.Sync.BlocksPerSecond,
                    sync_seconds_left = now.Sync.SecondsLeft,
                });
            }
        }

        public override void Finished(Summary summary) => Write(summary);

        private static void Write<T>(T line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, Json));
    }

    private sealed class LineScreen : StatusScreen
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

        public override void Say(string line) => Console.Out.WriteLine(line);

        public override void Started(string nodeUrl, string? portalUrl, string? peers) => Console.Out.WriteLine($"node {nodeUrl}" + (portalUrl is null ? "" : $"\nportal {portalUrl}") + $"\npeers {peers ?? NoListening}");

        public override async Task RunAsync(Func<StatusView> status, TimeSpan refresh, Task failure, CancellationToken ending)
        {
            while (await WaitAsync(Interval, failure, ending))
            {
                StatusView now = status();
                Console.Out.WriteLine(string.Join("  ", Rows(now).Select(row => $"{row.Name} {row.Value}")));
            }
        }

        public override void Finished(Summary summary) => Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stopped at height {summary.Height}: {summary.RoundsSettled} rounds settled, {summary.ReleasedBsk} BSK released, loss {summary.LossStart:F3} -> {summary.LossNow:F3}"));
    }

    private sealed class LiveScreen : StatusScreen
    {
        private string _node = "";
        private string? _portal;
        private string _peers = "";

        public override void Say(string line) => AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{line}[/]");

        public override void Started(string nodeUrl, string? portalUrl, string? peers) => (_node, _portal, _peers) = (nodeUrl, portalUrl, peers ?? NoListening);

        public override async Task RunAsync(Func<StatusView> status, TimeSpan refresh, Task failure, CancellationToken ending) =>
            await AnsiConsole.Live(Screen(status())).AutoClear(false).StartAsync(async live =>
            {
                while (await WaitAsync(refresh, failure, ending))
                {
                    live.UpdateTarget(Screen(status()));
                }
            });

        public override void Finished(Summary summary) => AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"Stopped at height {summary.Height}. {summary.RoundsSettled} rounds settled, {summary.ReleasedBsk} BSK released. Start again with the same command to go on.");

        private IRenderable Screen(StatusView now)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
            foreach ((string name, string value) in Rows(now))
            {
                grid.AddRow(new Markup($"[grey]{Markup.Escape(name)}[/]"), new Text(value));
            }

            grid.AddRow(new Markup("[grey]node[/]"), new Text(_node));
            if (_portal is not null)
            {
                grid.AddRow(new Markup("[grey]portal[/]"), new Text(_portal));
            }

            grid.AddRow(new Markup("[grey]peers at[/]"), new Text(_peers));

            return new Panel(grid).Header($" Basilisk {now.Network} ").BorderColor(Color.Green);
        }
    }

    private static IEnumerable<(string Name, string Value)> Rows(StatusView now)
    {
        yield return ("height", now.Height.ToString(CultureInfo.InvariantCulture));
        yield return ("round", string.Create(CultureInfo.InvariantCulture, $"{now.Round} {now.Phase} {now.RoundProgress:P0}"));
        yield return ("mining", now.Mining.Active
            ? string.Create(CultureInfo.InvariantCulture, $"{now.Mining.HashesPerSecond / 1000:F0} kH/s") + (now.Mining.DutyCycle < 1
                ? string.Create(CultureInfo.InvariantCulture, $" (throttled to {now.Mining.DutyCycle:P0} of a core; --duty changes it)")
                : "") + (now.Mining.Waiting is { } waiting ? $", waits: {waiting}" : "")
            : "off");
        yield return ("training", now.Training.Active
            ? string.Create(CultureInfo.InvariantCulture, $"{now.Training.TokensPerSecond:F0} tokens/s, busy {now.Training.BusyShare:P0}, {now.Training.Activity}")
            : "off");
        yield return ("loss", now.Training.Loss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"{loss:F3} nats") : "–");
        yield return ("last round", now.LastRound is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"gain {last.GainNats:F4} nats, {last.Released} released, holdout {last.HoldoutLoss:F3}")
            : "–");
        yield return ("balance", now.Account is { } account ? $"{Bsk(account.BalanceWei)} BSK" : "–");
        yield return ("pending", now.Account is { } owner ? $"{owner.PendingRewards} x 25 BSK" : "–");
        yield return ("peers", now.Peers.ToString(CultureInfo.InvariantCulture));
        yield return ("sync", SyncText.Of(now.Sync));
    }

    private static string Bsk(string wei) =>
        ((decimal)System.Numerics.BigInteger.Parse(wei, CultureInfo.InvariantCulture) / 1_000_000_000_000_000_000m).ToString("0.####", CultureInfo.InvariantCulture);
}
