using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers;

/// <summary>A live peer, and what it is known to have. Thread-safe.</summary>
public sealed class LivePeer
{
    private const int MostTransactions = 16_384;
    private const int MostBlocks = 1_024;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private HeaderTip _tip;
    private volatile ChainHead? _light;
    private UInt256 _explained;
    private bool _headersWanted;
    private long _restingSince;
    private TimeSpan _rest;
    private int _failures;

    public LivePeer(IPeer peer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(peer);
        Peer = peer;
        _time = time;
        _tip = new HeaderTip(peer.Hello.Tip, peer.Hello.Height, peer.Hello.TotalWork);
    }

    public IPeer Peer { get; }

    /// <summary>Waiting transactions that it has, or that were announced to it.</summary>
    public BoundedSet<Hash256> KnownTransactions { get; } = new(MostTransactions);

    /// <summary>Blocks likewise.</summary>
    public BoundedSet<Hash256> KnownBlocks { get; } = new(MostBlocks);

    /// <summary>Blocks that it said it does not have, at the tip that it has named.</summary>
    public BoundedSet<Hash256> MissingBlocks { get; } = new(MostBlocks);

    /// <summary>End of its chain where that was found to have less work than the best, and is not kept; null where it was not.</summary>
    public ChainHead? Light
    {
        get => _light;
        set => _light = value;
    }

    /// <summary>The best tip it has named, at the handshake or since.</summary>
    public HeaderTip Tip
    {
        get
        {
            lock (_gate)
            {
                return _tip;
            }
        }
    }

    /// <summary>Whether it names more work than its headers have explained, or announced a block whose parent is unknown.</summary>
    public bool HasUnexplainedWork(UInt256 than)
    {
        lock (_gate)
        {
            return _headersWanted || (_tip.TotalWork > than && _tip.TotalWork > _explained);
        }
    }

    /// <summary>Whether it failed a moment ago and should not be asked now.</summary>
    public bool IsResting
    {
        get
        {
            lock (_gate)
            {
                return _rest > TimeSpan.Zero && _time.GetElapsedTime(_restingSince) < _rest;
            }
        }
    }

    /// <summary>Notes a tip that it has.</summary>
    public void Has(HeaderTip tip)
    {
        lock (_gate)
        {
            if (tip.TotalWork > _tip.TotalWork)
            {
                _tip = tip;
                MissingBlocks.Clear(); // What it lacked, or waited to have judged, it may have now.
            }
        }
    }

    /// <summary>It announced a block on a chain that is not known here.</summary>
    public void WantHeaders()
    {
        lock (_gate)
        {
            _headersWanted = true;
        }
    }

    /// <summary>Its headers were asked for and taken as far as they went: it is not asked again for the same claim.</summary>
    public void Explained(UInt256 claimed)
    {
        lock (_gate)
        {
            _explained = UInt256.Max(_explained, claimed);
            _headersWanted = false;
        }
    }

    /// <summary>It failed: leaves it alone for a while, twice as long each time in a row, so that a slow line is not a row of offences.</summary>
    public void Rest()
    {
        lock (_gate)
        {
            _restingSince = _time.GetTimestamp();
            _rest = TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, ShortestRest.Ticks << Math.Min(_failures++, 10)));
        }
    }

    /// <summary>It delivered.</summary>
    public void Delivered()
    {
        lock (_gate)
        {
            _failures = 0;
        }
    }
}
