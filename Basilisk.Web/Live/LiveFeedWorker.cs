using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using Basilisk.Contracts;
using Basilisk.Contracts.Live;
using Basilisk.Contracts.Rounds;
using Basilisk.Web.Configuration;
using Basilisk.Web.Hosting;
using Basilisk.Web.Live.Wire;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Options;

namespace Basilisk.Web.Live;

/// <summary>
/// Keeps the process's one connection to the node's hub: subscribe, apply numbered deltas, take a new snapshot when a
/// number is missing, and try again within two seconds when the connection breaks.
/// </summary>
public sealed class LiveFeedWorker(LiveFeed feed, IOptions<PortalOptions> options, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger<LiveFeedWorker>();
    private readonly Uri _node = new(options.Value.NodeUrl);
    private readonly TimeSpan _retry = TimeSpan.FromSeconds(options.Value.ReconnectSeconds);
    private bool _lossReported;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Follow(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is WebSocketException or HttpRequestException or IOException
                or InvalidOperationException or OperationCanceledException or Microsoft.AspNetCore.SignalR.HubException or TimeoutException)
            {
                Report(problem);
            }

            await Task.Delay(_retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One connection's life. Ends by an exception or by the stop token.</summary>
    private async Task Follow(CancellationToken stop)
    {
        var deltas = Channel.CreateUnbounded<LiveDelta>(new UnboundedChannelOptions { SingleReader = true });
        await using var hub = NodeHub.Create(new Uri(_node, Routes.Hub), loggers);
        hub.Closed += problem =>
        {
            deltas.Writer.TryComplete(problem ?? new IOException("the node closed the live connection"));
            return Task.CompletedTask;
        };
        hub.On<LiveDelta>(LiveMethods.Delta, delta => deltas.Writer.TryWrite(delta));

        await hub.StartAsync(stop);
        await TakeSnapshot(hub, stop);
        _lossReported = false;
        _logger.LiveConnected(_node, feed.State.Sequence);

        await foreach (var delta in deltas.Reader.ReadAllAsync(stop))
        {
            var expected = feed.State.Sequence + 1;
            if (delta.Sequence == expected)
            {
                var ended = EndsARound(delta);
                feed.Apply(delta);
                if (ended)
                {
                    // A settlement changes more than one row: rewards of many blocks, and the first one brings two quality points.
                    await TakeSnapshot(hub, stop);
                }
            }
            else if (delta.Sequence > expected)
            {
                _logger.LiveGap(expected, delta.Sequence);
                await TakeSnapshot(hub, stop);
            }

            // Lower numbers were already in the snapshot.
        }
    }

    private bool EndsARound(LiveDelta delta) => delta.Round is { State: not RoundState.Open } round
        && !feed.State.Rounds.Any(known => known.Number == round.Number && known.State == round.State);

    private async Task TakeSnapshot(HubConnection hub, CancellationToken stop) =>
        feed.Replace(await hub.InvokeAsync<LiveSnapshot>(LiveMethods.Subscribe, stop));

    private void Report(Exception problem)
    {
        feed.Lose(InWords(problem));
        if (!_lossReported)
        {
            _lossReported = true;
            _logger.LiveLost(_node, problem.Message, _retry.TotalSeconds);
        }
    }

    /// <summary>What a reader can do something with; the log has the exception's own words.</summary>
    private string InWords(Exception problem) => problem.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"Nothing answers at {_node}.",
        WebSocketException or IOException => $"The connection to {_node} broke.",
        TimeoutException or OperationCanceledException => $"{_node} does not answer in time.",
        var other => $"{_node}: {other.Message}",
    };
}
