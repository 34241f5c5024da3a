using Basilisk.Chain.Primitives;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// Says how far the node is, and opens and closes the gate that miner, trainer and transaction relay wait at. A node that expects
/// peers begins behind; it is current once every claim of its peers is explained and at most one body is missing, or once nobody
/// could be reached for a while: then it goes on alone. A current node is behind again when it is far behind.
/// </summary>
public sealed class SyncStatus
{
    /// <summary>Missing bodies above which a node that was current no longer is.</summary>
    public const ulong FarBehind = 8;

    /// <summary>How long a node waits for its first peer before it goes on alone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    private readonly IPeerChain _chain;
    private readonly LivePeers _peers;
    private readonly HeaderSync _headers;
    private readonly SyncGate _gate;
    private readonly Func<bool> _isJudging;
    private readonly Func<bool> _isInstalling;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _started;
    private readonly Queue<(long At, ulong Height)> _samples = new();
    private volatile SyncProgress _now;

    /// <param name="chain">The chain.</param>
    /// <param name="peers">Who is live.</param>
    /// <param name="headers">Whether claims are unexplained.</param>
    /// <param name="gate">Opened and closed.</param>
    /// <param name="isJudging">Whether a round is being judged.</param>
    /// <param name="isInstalling">Whether a snapshot is being fetched.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of each change.</param>
    public SyncStatus(
        IPeerChain chain, LivePeers peers, HeaderSync headers, SyncGate gate, Func<bool> isJudging, Func<bool> isInstalling, TimeProvider time, ILogger<SyncStatus> log)
    {
        (_chain, _peers, _headers, _gate, _isJudging, _isInstalling, _time, _log) = (chain, peers, headers, gate, isJudging, isInstalling, time, log);
        _started = time.GetTimestamp();
        _now = new SyncProgress(gate.IsCurrent ? SyncPhase.Current : SyncPhase.FindingPeers, gate.IsCurrent, 0, 0, 0, null);
    }

    public SyncProgress Now => _now;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Looks once; <see cref="RunAsync"/> does so four times a second.</summary>
    public void Look()
    {
        ulong height = (ulong)_chain.Current.Height;
        HeaderTip best = _chain.BestHeader;
        UInt256 work = _chain.Current.State.Head.TotalWork;
        ulong behind = best.TotalWork > work ? Math.Max(1, best.Height > height ? best.Height - height : 1) : 0;
        bool claims = _headers.IsBehind;
        bool isCurrent = IsCurrent(claims, behind);
        Switch(isCurrent, height);
        ulong target = Math.Max(best.Height, claims ? _peers.All.Max(peer => (ulong?)peer.Tip.Height) ?? 0 : 0);
        double speed = Speed(height);
        _now = new SyncProgress(
            PhaseOf(isCurrent, claims, behind),
            isCurrent,
            height,
            Math.Max(target, height),
            speed,
            speed > 0 && target > height && !claims ? TimeSpan.FromSeconds(Math.Min((target - height) / speed, 1e9)) : null);
    }

    private bool IsCurrent(bool claims, ulong behind)
    {
        if (_gate.IsCurrent)
        {
            return behind <= FarBehind;
        }

        if (_peers.All.Count == 0)
        {
            return _peers.Met == 0 && behind == 0 && _time.GetElapsedTime(_started) >= Patience;
        }

        return !claims && behind <= 1 && !_isInstalling();
    }

    private void Switch(bool isCurrent, ulong height)
    {
        if (isCurrent == _gate.IsCurrent)
        {
            return;
        }

        _gate.Set(isCurrent);
        if (!isCurrent)
        {
            _log.SyncFellBehind(height, _chain.BestHeader.Height);
        }
        else if (_peers.All.Count == 0)
        {
            _log.SyncAlone((int)Patience.TotalSeconds);
        }
        else
        {
            _log.SyncCurrent(height);
        }
    }

    private SyncPhase PhaseOf(bool isCurrent, bool claims, ulong behind)
    {
        if (isCurrent)
        {
            return SyncPhase.Current;
        }

        if (_isInstalling())
        {
            return SyncPhase.Snapshot;
        }

        if (_peers.All.Count == 0)
        {
            return SyncPhase.FindingPeers;
        }

        if (claims)
        {
            return SyncPhase.Headers;
        }

        return behind > 0 && _isJudging() ? SyncPhase.Judging : SyncPhase.Blocks;
    }

    private double Speed(ulong height)
    {
        long now = _time.GetTimestamp();
        _samples.Enqueue((now, height));
        while (_time.GetElapsedTime(_samples.Peek().At, now) > Span)
        {
            _samples.Dequeue();
        }

        (long at, ulong from) = _samples.Peek();
        double seconds = _time.GetElapsedTime(at, now).TotalSeconds;
        return seconds > 0 && height > from ? (height - from) / seconds : 0;
    }
}
