using System.Net;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// Turns connections away before TLS costs anything: too many that have not finished their handshake, too many from one address in
/// a short time, banned addresses. Thread-safe.
/// </summary>
internal sealed class InboundGate(PeerOptions options, TransportLimits limits, Func<IPAddress, bool> isBanned, TimeProvider time)
{
    /// <summary>Addresses whose rate is remembered; beyond that, those that have been quiet are forgotten.</summary>
    private const int MostAddresses = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _pending = [];
    private readonly Dictionary<IPAddress, TokenBucket> _rates = [];
    private int _pendingInAll;

    /// <summary>Null where the connection may begin its handshake; <see cref="Leave"/> ends it. Otherwise the token.</summary>
    public string? Enter(IPAddress address)
    {
        IPAddress owner = PeerAddress.Owner(address);
        bool isShared = PeerAddress.IsShared(address);
        if (isBanned(address))
        {
            return PeerTokens.Banned;
        }

        lock (_gate)
        {
            int pending = _pending.GetValueOrDefault(owner);
            if (_pendingInAll >= limits.PendingHandshakes || (!isShared && (pending >= options.PerAddress || !HasRate(owner))))
            {
                return PeerTokens.TooManyConnections;
            }

            _pending[owner] = pending + 1;
            _pendingInAll++;
            return null;
        }
    }

    public void Leave(IPAddress address)
    {
        IPAddress owner = PeerAddress.Owner(address);
        lock (_gate)
        {
            _pendingInAll--;
            if (--_pending[owner] == 0)
            {
                _pending.Remove(owner);
            }
        }
    }

    private bool HasRate(IPAddress owner)
    {
        if (!_rates.TryGetValue(owner, out TokenBucket? bucket))
        {
            if (_rates.Count >= MostAddresses && !Forget())
            {
                return false;
            }

            bucket = new TokenBucket(1 / limits.AcceptInterval.TotalSeconds, limits.AcceptBurst, time);
            _rates.Add(owner, bucket);
        }

        return bucket.TryTake();
    }

    private bool Forget()
    {
        foreach (IPAddress quiet in _rates.Where(rate => rate.Value.IsFull).Select(rate => rate.Key).ToList())
        {
            _rates.Remove(quiet);
        }

        return _rates.Count < MostAddresses;
    }
}
