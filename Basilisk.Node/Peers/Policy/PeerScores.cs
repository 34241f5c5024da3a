using System.Net;

namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// Points of offences, by peer and by address, halved every <see cref="OffenceWeights.HalfLife"/>. By address too, because a new key costs
/// nothing; not for loopback, which everybody on the machine shares. Thread-safe.
/// </summary>
public sealed class PeerScores(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Decaying<PeerId> _peers = new(time);
    private readonly Decaying<IPAddress> _addresses = new(time);

    /// <summary>Counts an offence; what peer and address have now (0 for an address that is not counted).</summary>
    public (double Peer, double Address) Add(PeerId peer, IPAddress address, Offence offence)
    {
        int points = OffenceWeights.Of(offence);
        lock (_gate)
        {
            return (_peers.Add(peer, points), PeerAddress.IsShared(address) ? 0 : _addresses.Add(PeerAddress.Owner(address), points));
        }
    }

    /// <summary>Points of a peer now.</summary>
    public double Of(PeerId peer)
    {
        lock (_gate)
        {
            return _peers.Of(peer);
        }
    }

    /// <summary>Forgets a peer's points: it is banned instead, or was pardoned.</summary>
    public void Clear(PeerId peer, IPAddress? address = null)
    {
        lock (_gate)
        {
            _peers.Clear(peer);
            if (address is not null)
            {
                _addresses.Clear(PeerAddress.Owner(address));
            }
        }
    }

    /// <summary>A bounded number of scores; the lowest gives way.</summary>
    private sealed class Decaying<TKey>(TimeProvider time)
        where TKey : notnull
    {
        private const int Most = 4096;

        private readonly Dictionary<TKey, (double Points, long At)> _scores = [];

        public double Of(TKey key) => _scores.TryGetValue(key, out (double Points, long At) score) ? Now(score) : 0;

        public double Add(TKey key, int points)
        {
            double now = Of(key) + points;
            if (_scores.Count >= Most && !_scores.ContainsKey(key))
            {
                _scores.Remove(_scores.MinBy(score => Now(score.Value)).Key);
            }

            _scores[key] = (now, time.GetTimestamp());
            return now;
        }

        public void Clear(TKey key) => _scores.Remove(key);

        private double Now((double Points, long At) score) => score.Points * Math.Pow(2, -(time.GetElapsedTime(score.At) / OffenceWeights.HalfLife));
    }
}
