using System.Collections.Concurrent;
using System.Collections.Immutable;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// Waiting transactions, reveals with their payloads: announced by hash, asked for where unknown, taken into the mempool, announced
/// on. What does not get into the mempool is not passed on.
/// </summary>
public sealed class TransactionRelay : IConversation, IServing<GetTransactions>, IDisposable
{
    private const int MostLookedAt = 32_768;

    /// <summary>How soon a hash is looked at again that another peer is asked for.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly IPeerChain _chain;
    private readonly TransactionPool _pool;
    private readonly SyncGate _gate;
    private readonly PeerMeter _meter;
    private readonly PeerOptions _options;
    private readonly TimeProvider _time;
    private readonly TransactionInbox _inbox = new();
    private readonly TransactionOutbox _outbox;
    private readonly BoundedSet<Hash256> _taken = new(MostLookedAt);
    private readonly BoundedSet<Hash256> _refused = new(MostLookedAt);
    private readonly ConcurrentDictionary<Hash256, byte> _arriving = new();
    private readonly ConcurrentDictionary<LivePeer, WakeSignal> _heard = new();
    private readonly IDisposable _subscription;

    public TransactionRelay(IPeerChain chain, TransactionPool pool, SyncGate gate, PeerMeter meter, PeerOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(pool);
        (_chain, _pool, _gate, _meter, _options, _time) = (chain, pool, gate, meter, options, time);
        _outbox = new TransactionOutbox(meter, time);
        _pool.Arrived += Announce;
        _subscription = chain.Subscribe(_ => _refused.Clear()); // On another tip they may be right.
    }

    public void Dispose()
    {
        _pool.Arrived -= Announce;
        _subscription.Dispose();
    }

    public async Task RunAsync(LivePeer peer, CancellationToken closed)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _inbox.Open(peer);
        _outbox.Open(peer);
        try
        {
            await Task.WhenAll(_outbox.RunAsync(peer, closed), FetchAsync(peer, SignalOf(peer), closed));
        }
        finally
        {
            _heard.TryRemove(peer, out _);
            _outbox.Close(peer);
            _inbox.Close(peer);
        }
    }

    /// <summary>Notes an announcement. A node that is behind cannot judge transactions and asks for the mempool once it is not.</summary>
    public void Take(LivePeer peer, NewTransactions announcement)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(announcement);
        _inbox.Open(peer);
        foreach (Hash256 hash in announcement.Hashes)
        {
            peer.KnownTransactions.Add(hash);
            if (_gate.IsCurrent && !IsKnown(hash))
            {
                _inbox.Announced(peer, hash);
            }
        }

        SignalOf(peer).Set();
    }

    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetTransactions request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ImmutableArray<RelayedTransaction>.Builder waiting = ImmutableArray.CreateBuilder<RelayedTransaction>();
        long bytes = 0;
        foreach (Hash256 hash in request.Hashes)
        {
            if (bytes >= _options.AnswerBytes)
            {
                break;
            }

            if (_pool.TryFind(hash, out PooledTransaction? pooled))
            {
                waiting.Add(new RelayedTransaction(pooled.Transaction, pooled.Payload));
                bytes += pooled.Transaction.Size + (pooled.Payload?.Length ?? 0);
            }
        }

        return Task.FromResult<PeerAnswer>(new Transactions(request.RequestId, waiting.ToImmutable()));
    }

    private void Announce(PooledTransaction pooled)
    {
        Hash256 hash = pooled.Transaction.Hash;
        _taken.Add(hash);
        _outbox.Announce(hash, atOnce: !_arriving.ContainsKey(hash));
    }

    private bool IsKnown(Hash256 hash) => _taken.Contains(hash) || _refused.Contains(hash) || _pool.TryFind(hash, out _);

    private WakeSignal SignalOf(LivePeer peer) => _heard.GetOrAdd(peer, _ => new WakeSignal());

    private async Task FetchAsync(LivePeer peer, WakeSignal heard, CancellationToken closed)
    {
        while (true)
        {
            List<Hash256> hashes = _inbox.Claim(peer, GetTransactions.Most, IsKnown, out bool later);
            if (hashes.Count > 0)
            {
                await AskAsync(peer, hashes, closed);
            }
            else if (later)
            {
                await heard.WaitAsync(LookAgain, _time, closed);
            }
            else
            {
                await heard.WaitAsync(closed);
            }
        }
    }

    private async Task AskAsync(LivePeer peer, List<Hash256> hashes, CancellationToken closed)
    {
        try
        {
            Verdict<Transactions> answer = await peer.Peer.AskAsync<Transactions>(new GetTransactions(0, [.. hashes]), closed);
            if (answer.TryGet(out Transactions? transactions, out Refusal? refusal))
            {
                Take(peer, hashes, transactions.Waiting);
            }
            else if (refusal.Token == PeerTokens.Timeout)
            {
                peer.Peer.Report(Offence.Stalled, refusal);
            }
        }
        finally
        {
            _inbox.Done(hashes);
        }
    }

    private void Take(LivePeer peer, List<Hash256> asked, ImmutableArray<RelayedTransaction> waiting)
    {
        var missing = new HashSet<Hash256>(asked);
        foreach (RelayedTransaction relayed in waiting)
        {
            if (!missing.Remove(relayed.Transaction.Hash))
            {
                peer.Peer.Report(Offence.UnaskedAnswer, new Refusal(RefusalKind.Isolation, PeerTokens.AnswerUnasked, $"Transaction {relayed.Transaction.Hash} was not asked for."));
                return;
            }

            Take(peer, relayed);
        }

        // What did not fit is asked for again; where nothing came, it does not wait there any more and another may have it.
        if (!waiting.IsEmpty)
        {
            foreach (Hash256 hash in missing)
            {
                _inbox.Announced(peer, hash);
            }
        }
    }

    private void Take(LivePeer peer, RelayedTransaction relayed)
    {
        Hash256 hash = relayed.Transaction.Hash;
        _meter.FetchedTransaction(twice: _taken.Contains(hash));
        _arriving.TryAdd(hash, 0);
        try
        {
            ChainView view = _chain.Current;
            if (_pool.Add(view, relayed.Transaction, relayed.Payload) is not { } refusal)
            {
                return;
            }

            _refused.Add(hash);
            if (OffenceOf.Transaction(refusal) is { } offence)
            {
                peer.Peer.Report(offence, refusal);
            }
        }
        finally
        {
            _arriving.TryRemove(hash, out _);
        }
    }
}
