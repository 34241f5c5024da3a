namespace Basilisk.Node.Peers;

/// <summary>The live peers that are on the same network. Readers take a snapshot. Thread-safe.</summary>
public sealed class LivePeers
{
    private readonly Lock _gate = new();
    private volatile LivePeer[] _all = [];

    /// <summary>Raised, outside the lock, after a peer came or went, or named a better tip.</summary>
    public event Action? Changed;

    public IReadOnlyList<LivePeer> All => _all;

    /// <summary>Peers that have been live since the start.</summary>
    public long Met { get; private set; }

    public void Add(LivePeer peer)
    {
        lock (_gate)
        {
            _all = [.. _all, peer];
            Met++;
        }

        Changed?.Invoke();
    }

    public void Remove(LivePeer peer)
    {
        lock (_gate)
        {
            _all = [.. _all.Where(other => other != peer)];
        }

        Changed?.Invoke();
    }

    /// <summary>Peers that say they serve snapshots.</summary>
    public IReadOnlyList<IPeer> ServingSnapshots() => [.. _all.Select(live => live.Peer).Where(peer => peer.Hello.Services.HasFlag(Messages.PeerServices.Snapshots))];

    public LivePeer? Find(IPeer peer) => Array.Find(_all, live => live.Peer == peer);

    /// <summary>Tells whoever waits for work that a peer's tip is another.</summary>
    public void TipChanged() => Changed?.Invoke();
}
