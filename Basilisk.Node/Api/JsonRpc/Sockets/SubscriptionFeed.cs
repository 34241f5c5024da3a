using System.Text.Json.Nodes;
using System.Threading.Channels;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;

namespace Basilisk.Node.Api.JsonRpc.Sockets;

/// <summary>What eth_subscribe can follow.</summary>
internal enum FeedTopic
{
    NewHeads,
    NewPendingTransactions,

    /// <summary>Never fires: there are no contracts.</summary>
    Logs,
}

/// <summary>
/// Turns moves of the tip and arrivals in the mempool into notifications, once for all connections. A head is sent when its
/// documents are there, so that a client that asks for the block at once finds it.
/// </summary>
internal sealed class SubscriptionFeed(ChainstateService chainstate, TransactionPool pool, ProjectedChain projected) : BackgroundService
{
    private const int MostArrivals = 512;

    private readonly Lock _gate = new();
    private Action<FeedTopic, JsonNode>[] _listeners = [];

    public void Add(Action<FeedTopic, JsonNode> listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }
    }

    public void Remove(Action<FeedTopic, JsonNode> listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners.Where(each => each != listener)];
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowTipAsync(stoppingToken), FollowPoolAsync(stoppingToken));

    private async Task FollowTipAsync(CancellationToken stopping)
    {
        Channel<ChainChange> changes = Channel.CreateBounded<ChainChange>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        using IDisposable subscription = chainstate.Subscribe(change => changes.Writer.TryWrite(change));
        await foreach (ChainChange change in changes.Reader.ReadAllAsync(stopping))
        {
            foreach (string hash in _listeners.Length > 0 ? change.Connected : [])
            {
                if (await projected.BlockAsync(hash, stopping) is { Orphaned: false } block)
                {
                    Send(FeedTopic.NewHeads, EthObjects.Header(block.Fact));
                }
            }
        }
    }

    private async Task FollowPoolAsync(CancellationToken stopping)
    {
        Channel<bool> arrivals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        void Arrived() => arrivals.Writer.TryWrite(true);
        pool.Added += Arrived;
        try
        {
            long last = pool.Newest(1).Select(pooled => pooled.Order).FirstOrDefault();
            await foreach (bool _ in arrivals.Reader.ReadAllAsync(stopping))
            {
                foreach (PooledTransaction pooled in pool.Newest(MostArrivals).Where(pooled => pooled.Order > last).Reverse())
                {
                    last = pooled.Order;
                    Send(FeedTopic.NewPendingTransactions, JsonValue.Create(pooled.Transaction.Hash.ToString()));
                }
            }
        }
        finally
        {
            pool.Added -= Arrived;
        }
    }

    private void Send(FeedTopic topic, JsonNode value)
    {
        foreach (Action<FeedTopic, JsonNode> listener in _listeners)
        {
            listener(topic, value);
        }
    }
}
