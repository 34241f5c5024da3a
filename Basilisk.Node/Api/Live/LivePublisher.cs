using System.Threading.Channels;
using Basilisk.Contracts.Live;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Store;
using Basilisk.Store.Projections;
using Microsoft.AspNetCore.SignalR;

namespace Basilisk.Node.Api.Live;

/// <summary>
/// Numbers what changes and sends it to the feed's group: a delta per block and round once the projections have them, and the
/// node's figures at most twice a second.
/// </summary>
public sealed class LivePublisher(
    ChainstateService chainstate,
    ProjectionRunner projections,
    ExplorerQueries explorer,
    INodeStatusSource status,
    IHubContext<LiveHub> hub,
    TimeProvider time,
    ILogger<LivePublisher> log) : BackgroundService
{
    public const string Group = "live";

    private const int SnapshotBlocks = 20;
    private const int SnapshotRounds = 10;
    private const int SnapshotQuality = 200;
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _sequence;

    public async Task<LiveSnapshot> SnapshotAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return new LiveSnapshot(
                _sequence,
                status.Now(),
                (await explorer.BlocksAsync(null, SnapshotBlocks, cancellation)).Items,
                (await explorer.RoundsAsync(null, SnapshotRounds, cancellation)).Items,
                await explorer.QualityAsync(SnapshotQuality, cancellation));
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Channel<ChainChange> changes = Channel.CreateBounded<ChainChange>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        using IDisposable subscription = chainstate.Subscribe(change => changes.Writer.TryWrite(change));
        await Task.WhenAll(SendChangesAsync(changes.Reader, stoppingToken), SendStatusAsync(stoppingToken));
    }

    private async Task SendChangesAsync(ChannelReader<ChainChange> changes, CancellationToken cancellation)
    {
        await foreach (ChainChange change in changes.ReadAllAsync(cancellation))
        {
            if (!await AreProjectedAsync(change.Sequence, cancellation))
            {
                continue;
            }

            foreach (string hash in change.Disconnected)
            {
                await SendAsync(new LiveDelta(0, Disconnected: hash), cancellation);
            }

            foreach (string hash in change.Connected)
            {
                if (await explorer.FindBlockAsync(hash, cancellation) is { Orphaned: false } block)
                {
                    await SendBlockAsync(hash, block.Fact.Round, cancellation);
                }
            }
        }
    }

    // A projection that failed holds up blocks until it is rebuilt, not the node's figures nor the rest of the HTTP surface.
    private async Task<bool> AreProjectedAsync(long sequence, CancellationToken cancellation)
    {
        try
        {
            await projections.WaitForAsync(sequence, cancellation);
            return true;
        }
        catch (ProjectionFailedException error)
        {
            log.LiveFeedHeld(error.Message);
            return false;
        }
    }

    private async Task SendBlockAsync(string hash, int round, CancellationToken cancellation)
    {
        var quality = (await explorer.QualityAsync(SnapshotQuality, cancellation)).LastOrDefault();
        await SendAsync(
            new LiveDelta(
                0,
                Status: status.Now(),
                Block: await explorer.BlockSummaryAsync(hash, cancellation),
                Round: await explorer.RoundSummaryAsync(round, cancellation),
                Quality: quality?.Round == round ? quality : null),
            cancellation);
    }

    private async Task SendStatusAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(StatusInterval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await SendAsync(new LiveDelta(0, Status: status.Now()), cancellation);
        }
    }

    private async Task SendAsync(LiveDelta delta, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _sequence++;
            await hub.Clients.Group(Group).SendAsync(LiveMethods.Delta, delta with { Sequence = _sequence }, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }
}
