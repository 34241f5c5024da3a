using System.Net;
using System.Text.Json;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// Who is banned, by peer and by address, until when; kept over restarts. A loopback address is never banned: it is everybody's on this
/// machine. A damaged file is set aside and the list begins empty: bans end by themselves, a node that does not start helps nobody. Thread-safe.
/// </summary>
public sealed class BanList
{
    /// <summary>Most bans; beyond, the one that ends first gives way.</summary>
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Ban> _peers = [];
    private readonly Dictionary<IPAddress, Ban> _addresses = [];
    private readonly SavedFile? _file;
    private readonly TimeProvider _time;
    private long _count;

    /// <param name="time">The clock that ends bans.</param>
    /// <param name="path">File to keep them in; null keeps them in memory.</param>
    /// <param name="log">Told of a damaged file.</param>
    public BanList(TimeProvider time, string? path, ILogger log)
    {
        _time = time;
        _file = path is null ? null : new SavedFile(path, log);
        _file?.Read(Load);
    }

    /// <summary>Somebody was banned. Called outside any lock.</summary>
    public event Action<Ban>? Added;

    /// <summary>Bans made since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The bans in force, those that end first first.</summary>
    public IReadOnlyList<Ban> Current
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return [.. _peers.Values.Concat(_addresses.Values).OrderBy(ban => ban.Until)];
            }
        }
    }

    public bool IsBanned(PeerId peer)
    {
        lock (_gate)
        {
            return _peers.TryGetValue(peer, out Ban? ban) && ban.Until > _time.GetUtcNow();
        }
    }

    public bool IsBanned(IPAddress address)
    {
        lock (_gate)
        {
            return _addresses.TryGetValue(PeerAddress.Owner(address), out Ban? ban) && ban.Until > _time.GetUtcNow();
        }
    }

    public void Ban(PeerId peer, TimeSpan time, string reason) => Add(new Ban(peer, null, _time.GetUtcNow() + time, reason));

    /// <summary>Bans an address (IPv6: its /64). False for a loopback address, which is not banned.</summary>
    public bool Ban(IPAddress address, TimeSpan time, string reason)
    {
        if (PeerAddress.IsShared(address))
        {
            return false;
        }

        Add(new Ban(null, PeerAddress.Owner(address), _time.GetUtcNow() + time, reason));
        return true;
    }

    /// <summary>False where it was not banned.</summary>
    public bool Unban(PeerId peer)
    {
        lock (_gate)
        {
            return Changed(_peers.Remove(peer));
        }
    }

    /// <summary>False where it was not banned.</summary>
    public bool Unban(IPAddress address)
    {
        lock (_gate)
        {
            return Changed(_addresses.Remove(PeerAddress.Owner(address)));
        }
    }

    /// <summary>Writes the file where something has changed.</summary>
    public void SaveIfChanged() => _file?.WriteIfChanged(() =>
    {
        lock (_gate)
        {
            Expire();
            return JsonSerializer.Serialize(_peers.Values.Concat(_addresses.Values).Select(Entry.Of));
        }
    });

    private void Add(Ban ban)
    {
        lock (_gate)
        {
            Expire();
            if (_peers.Count + _addresses.Count >= Most)
            {
                Remove(_peers.Values.Concat(_addresses.Values).MinBy(each => each.Until)!);
            }

            Put(ban);
            Changed(true);
        }

        Interlocked.Increment(ref _count);
        Added?.Invoke(ban);
    }

    private void Put(Ban ban)
    {
        if (ban.Peer is { } peer)
        {
            _peers[peer] = ban;
        }
        else if (ban.Address is { } address)
        {
            _addresses[address] = ban;
        }
    }

    private void Remove(Ban ban)
    {
        if (ban.Peer is { } peer)
        {
            _peers.Remove(peer);
        }
        else if (ban.Address is { } address)
        {
            _addresses.Remove(address);
        }
    }

    private void Expire()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach (Ban over in _peers.Values.Concat(_addresses.Values).Where(ban => ban.Until <= now).ToList())
        {
            Remove(over);
            Changed(true);
        }
    }

    private bool Changed(bool changed)
    {
        if (changed)
        {
            _file?.Touch();
        }

        return changed;
    }

    private void Load(string text)
    {
        List<Ban> bans = [.. (JsonSerializer.Deserialize<List<Entry?>>(text, SavedFile.Strict) ?? []).Select(entry => entry?.ToBan() ?? throw new FormatException("An entry is empty."))];
        bans.ForEach(Put);
    }

    private sealed record Entry(string? Peer, string? Address, long Until, string Reason)
    {
        public static Entry Of(Ban ban) => new(ban.Peer?.ToString(), ban.Address?.ToString(), ban.Until.ToUnixTimeSeconds(), ban.Reason);

        public Ban ToBan() => new(
            Peer is null ? null : new PeerId(Hash256.Parse(Peer)),
            Address is null ? null : PeerAddress.Owner(IPAddress.Parse(Address)),
            DateTimeOffset.FromUnixTimeSeconds(Until),
            Reason);
    }
}
