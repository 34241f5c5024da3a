using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>Pings, and the time they take.</summary>
internal sealed class KeepAlive(TransportLimits limits, TimeProvider time)
{
    /// <summary>How often deadlines are looked at.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _sentAt = time.GetTimestamp();
    private ulong _nonce;
    private bool _open;

    /// <summary>Of the last ping; null before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>A ping where one is due, and none is open.</summary>
    public Ping? NextPing()
    {
        lock (_gate)
        {
            if (_open || time.GetElapsedTime(_sentAt) < limits.PingInterval)
            {
                return null;
            }

            _open = true;
            _sentAt = time.GetTimestamp();
            return new Ping(++_nonce);
        }
    }

    /// <summary>The ping could not be sent.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _open = false;
        }
    }

    /// <summary>False where nobody waits for this pong.</summary>
    public bool Take(Pong pong)
    {
        lock (_gate)
        {
            if (!_open || pong.Nonce != _nonce)
            {
                return false;
            }

            _open = false;
            RoundTrip = time.GetElapsedTime(_sentAt);
            return true;
        }
    }
}
