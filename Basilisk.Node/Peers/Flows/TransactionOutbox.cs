using System.Collections.Concurrent;
using System.Threading.Channels;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// Tells peers of waiting transactions: hashes are gathered for a moment and sent together, once to each peer; the node's own go
/// at once.
/// </summary>
internal sealed class TransactionOutbox(PeerMeter meter, TimeProvider time)
{
    /// <summary>How long hashes are gathered: many transactions share one message, and a hop costs little.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private const int MostWaiting = 8_192;

    private readonly ConcurrentDictionary<LivePeer, Line> _lines = new();

    public void Open(LivePeer peer) => _lines.TryAdd(peer, new Line());

    public void Close(LivePeer peer) => _lines.TryRemove(peer, out _);

    /// <summary>Announces to everybody who does not know it.</summary>
    public void Announce(Hash256 hash, bool atOnce)
    {
        foreach ((LivePeer peer, Line line) in _lines)
        {
            if (peer.KnownTransactions.Contains(hash))
            {
                continue;
            }

            line.Waiting.Writer.TryWrite(hash); // One that does not keep up misses some; it hears of them from others or in a block.
            (atOnce ? line.Now : line.Soon).Set();
        }
    }

    /// <summary>Sends to one peer until it is gone.</summary>
    public async Task RunAsync(LivePeer peer, CancellationToken closed)
    {
        Line line = _lines.GetOrAdd(peer, _ => new Line());
        while (true)
        {
            await WaitAsync(line, closed);
            while (Take(peer, line) is { Count: > 0 } hashes)
            {
                meter.AnnouncedTransactions(hashes.Count);
                await peer.Peer.SendAsync(new NewTransactions([.. hashes]), closed);
            }
        }
    }

    private async Task WaitAsync(Line line, CancellationToken closed)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(closed);
        Task now = line.Now.WaitAsync(either.Token);
        Task soon = SoonAsync(line, either.Token);
        await Task.WhenAny(now, soon);
        await either.CancelAsync();
        await Task.WhenAll(now, soon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The one that lost ends by cancellation.
        closed.ThrowIfCancellationRequested();
    }

    private async Task SoonAsync(Line line, CancellationToken cancellation)
    {
        await line.Soon.WaitAsync(cancellation);
        await Task.Delay(Gathering, time, cancellation);
    }

    private static List<Hash256> Take(LivePeer peer, Line line)
    {
        var hashes = new List<Hash256>();
        while (hashes.Count < NewTransactions.Most && line.Waiting.Reader.TryRead(out Hash256 hash))
        {
            if (peer.KnownTransactions.Add(hash))
            {
                hashes.Add(hash);
            }
        }

        return hashes;
    }

    private sealed class Line
    {
        public Channel<Hash256> Waiting { get; } = Channel.CreateBounded<Hash256>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

        public WakeSignal Now { get; } = new();

        public WakeSignal Soon { get; } = new();
    }
}
