using System.Diagnostics.CodeAnalysis;
using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation.Isolation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Options;

namespace Basilisk.Node.Mempool;

/// <summary>
/// Transactions that wait for a block: per sender by nonce, bounded in number, per sender and in payload bytes. A transaction
/// with the nonce of one that waits replaces it if it pays enough more. Thread-safe.
/// </summary>
public sealed class TransactionPool(MempoolOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, PooledTransaction> _byHash = [];
    private readonly Dictionary<Address, SortedDictionary<ulong, PooledTransaction>> _bySender = [];
    private ChainView? _followed;
    private long _payloadBytes;
    private long _order;

    /// <summary>Raised, outside the lock, after a transaction came in.</summary>
    public event Action? Added;

    /// <summary>Raised likewise, with the transaction.</summary>
    public event Action<PooledTransaction>? Arrived;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byHash.Count;
            }
        }
    }

    /// <summary>Takes a transaction in.</summary>
    /// <param name="view">The tip it is checked against; where the mempool has followed a later one meanwhile, that one counts.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="payload">Payload of a reveal.</param>
    /// <returns>Null, or why it is refused.</returns>
    public Refusal? Add(ChainView view, Transaction transaction, ReadOnlyMemory<byte>? payload = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(transaction);
        if (TransactionRules.CheckIsolated(view.State.Parameters, transaction) is { } isolated)
        {
            return isolated;
        }

        bool isReveal = ProtocolCall.Read(transaction).Value is RevealCall;
        if (isReveal && payload is null)
        {
            return Refuse(MempoolTokens.PayloadMissing, "A reveal comes with its payload; use basilisk's own reveal call.");
        }

        if (TransactionRules.CheckAgainst(view.State, transaction, payload) is { } refusal && refusal.Token != Tokens.NonceTooHigh)
        {
            return refusal;
        }

        // A call costs nothing, so one that waits for its turn must at least be the sender's to make.
        bool isCall = transaction.To == ProtocolCall.Address;
        if (isCall && TransactionRules.CheckCallAgainst(view.State, transaction, payload) is { } notTheirs)
        {
            return notTheirs;
        }

        var pooled = new PooledTransaction(
            transaction,
            isReveal ? payload : null,
            isCall,
            time.GetUtcNow().ToUnixTimeSeconds(),
            Interlocked.Increment(ref _order));
        ChainView? later;
        lock (_gate)
        {
            later = _followed?.State.Head.TotalWork > view.State.Head.TotalWork ? _followed : null;
            if (later is null && Admit(view, pooled) is { } full)
            {
                return full;
            }
        }

        if (later is not null)
        {
            return Add(later, transaction, payload);
        }

        Added?.Invoke();
        Arrived?.Invoke(pooled);
        return null;
    }

    public bool TryFind(Hash256 hash, [NotNullWhen(true)] out PooledTransaction? pooled)
    {
        lock (_gate)
        {
            return _byHash.TryGetValue(hash, out pooled);
        }
    }

    /// <summary>The nonce a sender's next transaction should have: after those in the chain and those that wait without a gap.</summary>
    public ulong NextNonce(ChainView view, Address sender)
    {
        ulong next = view.State.Account(sender).Nonce;
        lock (_gate)
        {
            if (_bySender.TryGetValue(sender, out SortedDictionary<ulong, PooledTransaction>? queue))
            {
                while (queue.ContainsKey(next))
                {
                    next++;
                }
            }
        }

        return next;
    }

    /// <summary>Waiting transactions, newest first.</summary>
    public IReadOnlyList<PooledTransaction> Newest(int count)
    {
        lock (_gate)
        {
            return [.. _byHash.Values.OrderByDescending(pooled => pooled.Order).Take(count)];
        }
    }

    /// <summary>Transactions for the next block, best tip first, each sender's by nonce.</summary>
    public IReadOnlyList<CandidateTransaction> Candidates(ChainView view)
    {
        UInt256 baseFee = view.State.Chain.BaseFee;
        var candidates = new List<CandidateTransaction>();
        lock (_gate)
        {
            var heads = new PriorityQueue<(Address Sender, ulong Nonce), (UInt256 NegatedTip, long Order)>();
            foreach (Address sender in _bySender.Keys)
            {
                Enqueue(heads, sender, view.State.Account(sender).Nonce, baseFee);
            }

            while (heads.TryDequeue(out (Address Sender, ulong Nonce) head, out _))
            {
                PooledTransaction pooled = _bySender[head.Sender][head.Nonce];
                candidates.Add(new CandidateTransaction(pooled.Transaction, pooled.Payload));
                Enqueue(heads, head.Sender, head.Nonce + 1, baseFee);
            }
        }

        return candidates;
    }

    /// <summary>Follows a move of the tip: what a reorganisation took out of the chain waits again, then as for a view.</summary>
    public void Follow(ChainChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        foreach (Block block in change.DisconnectedBlocks.Reverse())
        {
            int payload = 0;
            foreach (Transaction transaction in block.Transactions)
            {
                ReadOnlyMemory<byte>? revealed = ProtocolCall.Read(transaction).Value is RevealCall ? block.Payloads[payload++] : default(ReadOnlyMemory<byte>?); // a bare null would become an empty payload
                Add(change.View, transaction, revealed); // Refused: the new chain has it, or it can no longer apply there.
            }
        }

        Follow(change.View);
    }

    /// <summary>
    /// Follows the tip: what is in the chain leaves, and every call whose phase or unit is over; a sender's first transaction that can
    /// never apply any more leaves, and with it the sender's later protocol calls, which their maker signs anew.
    /// </summary>
    public void Follow(ChainView view)
    {
        lock (_gate)
        {
            _followed = view;
            foreach (Address sender in _bySender.Keys.ToList())
            {
                FollowSender(view, sender);
            }
        }
    }

    private void FollowSender(ChainView view, Address sender)
    {
        ulong nonce = view.State.Account(sender).Nonce;
        SortedDictionary<ulong, PooledTransaction> queue = _bySender[sender];
        foreach (PooledTransaction done in queue.Values.TakeWhile(pooled => pooled.Transaction.Nonce < nonce).ToList())
        {
            Remove(done);
        }

        // A call cost nothing to send and is never pushed out: it leaves with its moment, even if an earlier nonce never comes. The
        // sender's later calls leave too: behind the gap they could not be mined, and their maker signs them anew.
        ulong? gap = queue.Values.FirstOrDefault(pooled => pooled.IsProtocolCall && !CanBeMade(view, pooled))?.Transaction.Nonce;
        foreach (PooledTransaction late in queue.Values.Where(pooled => pooled.IsProtocolCall && pooled.Transaction.Nonce >= gap).ToList())
        {
            Remove(late);
        }

        if (!queue.TryGetValue(nonce, out PooledTransaction? first))
        {
            return;
        }

        Refusal? refusal = TransactionRules.CheckAgainst(view.State, first.Transaction, first.Payload);
        if (refusal is not null && refusal.Token is not (Tokens.FeeBelowBase or Tokens.BalanceTooLow))
        {
            foreach (PooledTransaction gone in queue.Values.Where(pooled => pooled == first || pooled.IsProtocolCall).ToList())
            {
                Remove(gone);
            }
        }
    }

    private static bool CanBeMade(ChainView view, PooledTransaction call) =>
        TransactionRules.CheckCallAgainst(view.State, call.Transaction, call.Payload) is null;

    private Refusal? Admit(ChainView view, PooledTransaction pooled)
    {
        Transaction transaction = pooled.Transaction;
        if (_byHash.ContainsKey(transaction.Hash))
        {
            return Refuse(MempoolTokens.AlreadyKnown, "The transaction waits already.");
        }

        if (transaction.Nonce - view.State.Account(transaction.Sender).Nonce >= (ulong)options.PerSender)
        {
            return Refuse(MempoolTokens.NonceGapTooWide, "The nonce lies too far ahead of the sender's next.", (long)(transaction.Nonce - view.State.Account(transaction.Sender).Nonce), options.PerSender - 1);
        }

        _bySender.TryGetValue(transaction.Sender, out SortedDictionary<ulong, PooledTransaction>? queue);
        PooledTransaction? replaced = queue?.GetValueOrDefault(transaction.Nonce);
        if ((CheckReplacement(pooled, replaced) ?? CheckFunds(view, pooled, replaced, queue) ?? MakeRoom(view, pooled, replaced, queue)) is { } refusal)
        {
            return refusal;
        }

        if (replaced is not null)
        {
            Remove(replaced);
        }

        Insert(pooled);
        return null;
    }

    private Refusal? CheckReplacement(PooledTransaction pooled, PooledTransaction? replaced)
    {
        if (replaced is null)
        {
            return null;
        }

        UInt256 percent = (ulong)(100 + options.ReplacementPercent);
        bool enough = pooled.Transaction.MaxFeePerGas * 100 >= replaced.Transaction.MaxFeePerGas * percent
            && pooled.Transaction.MaxPriorityFeePerGas * 100 >= replaced.Transaction.MaxPriorityFeePerGas * percent
            && (!pooled.Transaction.MaxFeePerGas.IsZero || pooled.IsProtocolCall);
        return enough
            ? null
            : Refuse(MempoolTokens.ReplacementUnderpriced, $"Replacing a waiting transaction takes {options.ReplacementPercent} % more of both fees.");
    }

    private static Refusal? CheckFunds(ChainView view, PooledTransaction pooled, PooledTransaction? replaced, SortedDictionary<ulong, PooledTransaction>? queue)
    {
        UInt256 total = pooled.MostCost;
        foreach (PooledTransaction other in queue?.Values.Where(other => other != replaced) ?? [])
        {
            total = UInt256.TryAdd(total, other.MostCost, out UInt256 sum) ? sum : UInt256.MaxValue;
        }

        UInt256 balance = view.State.Account(pooled.Transaction.Sender).Balance;
        return total > balance
            ? new Refusal(RefusalKind.State, Tokens.BalanceTooLow, $"All waiting transactions of the sender may cost {total} wei; the balance is {balance}.")
            : null;
    }

    private Refusal? MakeRoom(ChainView view, PooledTransaction pooled, PooledTransaction? replaced, SortedDictionary<ulong, PooledTransaction>? queue)
    {
        if (replaced is null && queue?.Count >= options.PerSender)
        {
            return Refuse(MempoolTokens.SenderLimit, "The sender has as many waiting transactions as the node holds.", queue.Count, options.PerSender);
        }

        long bytes = _payloadBytes + (pooled.Payload?.Length ?? 0) - (replaced?.Payload?.Length ?? 0);
        if (bytes > options.PayloadBytes)
        {
            return Refuse(MempoolTokens.PayloadsFull, "Waiting payloads fill their room, in bytes.", bytes, options.PayloadBytes);
        }

        if (replaced is not null || _byHash.Count < options.Capacity)
        {
            return null;
        }

        // The last transaction of a sender can go without leaving a gap; the one that pays least goes.
        UInt256 baseFee = view.State.Chain.BaseFee;
        PooledTransaction? cheapest = _bySender.Values.Select(each => each.Values.Last())
            .Where(last => !last.IsProtocolCall)
            .MinBy(last => (last.TipAt(baseFee) ?? UInt256.Zero, -last.Order));
        if (cheapest is null || (pooled.TipAt(baseFee) ?? UInt256.Zero) <= (cheapest.TipAt(baseFee) ?? UInt256.Zero))
        {
            return Refuse(MempoolTokens.MempoolFull, "The mempool is full and the transaction pays no more than those in it.", _byHash.Count, options.Capacity);
        }

        Remove(cheapest);
        return null;
    }

    private void Enqueue(PriorityQueue<(Address Sender, ulong Nonce), (UInt256 NegatedTip, long Order)> heads, Address sender, ulong nonce, UInt256 baseFee)
    {
        if (_bySender[sender].TryGetValue(nonce, out PooledTransaction? pooled) && pooled.TipAt(baseFee) is { } tip)
        {
            // Protocol calls first: they are bound to their phase.
            heads.Enqueue((sender, nonce), (pooled.IsProtocolCall ? UInt256.Zero : UInt256.MaxValue - tip, pooled.Order));
        }
    }

    private void Insert(PooledTransaction pooled)
    {
        _byHash.Add(pooled.Transaction.Hash, pooled);
        if (!_bySender.TryGetValue(pooled.Transaction.Sender, out SortedDictionary<ulong, PooledTransaction>? queue))
        {
            _bySender.Add(pooled.Transaction.Sender, queue = []);
        }

        queue.Add(pooled.Transaction.Nonce, pooled);
        _payloadBytes += pooled.Payload?.Length ?? 0;
    }

    private void Remove(PooledTransaction pooled)
    {
        _byHash.Remove(pooled.Transaction.Hash);
        SortedDictionary<ulong, PooledTransaction> queue = _bySender[pooled.Transaction.Sender];
        queue.Remove(pooled.Transaction.Nonce);
        if (queue.Count == 0)
        {
            _bySender.Remove(pooled.Transaction.Sender);
        }

        _payloadBytes -= pooled.Payload?.Length ?? 0;
    }

    private static Refusal Refuse(string token, string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.Isolation, token, detail, seen, allowed);
}
