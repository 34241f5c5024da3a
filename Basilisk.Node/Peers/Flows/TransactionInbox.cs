using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// Announced transactions that one peer can give, oldest first, and who of all peers is asked for each. A hash is asked from one
/// peer at a time; where that one fails, the next that announced it is asked. Thread-safe.
/// </summary>
internal sealed class TransactionInbox
{
    /// <summary>Hashes that one peer may have waiting; what it announces above is forgotten.</summary>
    private const int MostOfOne = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<LivePeer, Queue<Hash256>> _announced = [];
    private readonly Dictionary<Hash256, LivePeer> _asking = [];

    public void Open(LivePeer peer)
    {
        lock (_gate)
        {
            _announced.TryAdd(peer, new Queue<Hash256>());
        }
    }

    public void Close(LivePeer peer)
    {
        lock (_gate)
        {
            _announced.Remove(peer);
            foreach (Hash256 hash in _asking.Where(pair => pair.Value == peer).Select(pair => pair.Key).ToList())
            {
                _asking.Remove(hash);
            }
        }
    }

    public void Announced(LivePeer peer, Hash256 hash)
    {
        lock (_gate)
        {
            if (_announced.TryGetValue(peer, out Queue<Hash256>? queue) && queue.Count < MostOfOne)
            {
                queue.Enqueue(hash);
            }
        }
    }

    /// <summary>Hashes to ask the peer for now, claimed for it until <see cref="Done"/>.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="most">Most hashes.</param>
    /// <param name="isKnown">Whether a transaction is here, or was looked at, by now.</param>
    /// <param name="later">Whether others are left that somebody else is asked for.</param>
    public List<Hash256> Claim(LivePeer peer, int most, Func<Hash256, bool> isKnown, out bool later)
    {
        var claimed = new List<Hash256>();
        lock (_gate)
        {
            Queue<Hash256> queue = _announced.GetValueOrDefault(peer) ?? [];
            for (int left = queue.Count; left > 0 && claimed.Count < most; left--)
            {
                Hash256 hash = queue.Dequeue();
                if (isKnown(hash))
                {
                    continue;
                }

                if (_asking.TryAdd(hash, peer))
                {
                    claimed.Add(hash);
                }
                else if (_asking[hash] != peer)
                {
                    queue.Enqueue(hash);
                }
            }

            later = queue.Count > 0;
        }

        return claimed;
    }

    /// <summary>Ends a claim; whoever else announced the hash may be asked now.</summary>
    public void Done(IEnumerable<Hash256> hashes)
    {
        lock (_gate)
        {
            foreach (Hash256 hash in hashes)
            {
                _asking.Remove(hash);
            }
        }
    }
}
