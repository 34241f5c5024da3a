using System.Net;
using System.Text.Json;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// Addresses of nodes, as in Bitcoin's address manager: those heard of, and those the node was connected with, in two tables of buckets.
/// Where an address lies follows from a secret and from the networks of address and source (<c>AddressPlacement</c>), so that an
/// attacker with many addresses in few networks gets few places; and an address that works gives way only after it was dialled in vain.
/// Bounded; kept over restarts; a damaged file is set aside and the book begins empty, because peers name addresses again. Thread-safe.
/// </summary>
public sealed class AddressBook : IAddressBook, IDisposable
{
    /// <summary>Most addresses, of both tables.</summary>
    public const int Most = (AddressPlacement.NewBuckets + AddressPlacement.TriedBuckets) * AddressPlacement.Slots;

    /// <summary>Most peers remembered as anchors.</summary>
    public const int MostAnchors = 4;

    /// <summary>Most of the book that is told to one asker, in percent: nobody shall copy it whole.</summary>
    private const int ToldPercent = 23;

    /// <summary>But so many always, so that a small network finds itself.</summary>
    private const int ToldLeast = 16;

    /// <summary>What others say of when they saw an address is taken for this much older.</summary>
    private const ulong HearsaySeconds = 2 * 3600;

    private const int MostTests = 16;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, KnownAddress> _all = [];
    private readonly KnownAddress?[] _new = new KnownAddress?[AddressPlacement.NewBuckets * AddressPlacement.Slots];
    private readonly KnownAddress?[] _tried = new KnownAddress?[AddressPlacement.TriedBuckets * AddressPlacement.Slots];
    private readonly List<(IPEndPoint Candidate, IPEndPoint Occupant)> _tests = [];
    private readonly SavedFile? _file;
    private readonly TimeProvider _time;
    private readonly Func<int, int> _below;
    private AddressPlacement _placement;
    private IReadOnlyList<IPEndPoint> _anchors = [];
    private readonly ITimer _saver;

    /// <param name="time">The clock.</param>
    /// <param name="below">A random number from 0 to below its argument.</param>
    /// <param name="path">File to keep the book in; null keeps it in memory.</param>
    /// <param name="log">Told of a damaged file.</param>
    public AddressBook(TimeProvider time, Func<int, int> below, string? path, ILogger log)
    {
        (_time, _below) = (time, below);
        _placement = new AddressPlacement(NewKey());
        _file = path is null ? null : new SavedFile(path, log);
        _file?.Read(Load);
        _saver = time.CreateTimer(_ => Save(), null, SaveInterval, SaveInterval);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Addresses that the node was connected with.</summary>
    public int TriedCount
    {
        get
        {
            lock (_gate)
            {
                return _all.Values.Count(known => known.IsTried);
            }
        }
    }

    /// <summary>Whether the node was connected with an address, and it has kept its place since.</summary>
    public bool IsTried(IPEndPoint address)
    {
        lock (_gate)
        {
            return _all.TryGetValue(PeerAddress.Normalise(address), out KnownAddress? known) && known.IsTried;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> Anchors => Volatile.Read(ref _anchors);

    private ulong Now => (ulong)_time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Takes note of an address. False where it is known, cannot be one, or finds no room.</summary>
    /// <param name="address">What was said.</param>
    /// <param name="source">Who said it.</param>
    public bool Add(AdvertisedAddress address, IPAddress source)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPEndPoint endPoint = PeerAddress.Normalise(address.EndPoint);
        if (endPoint.Port == 0 || !PeerAddress.MayBeToldBy(endPoint.Address, source))
        {
            return false;
        }

        lock (_gate)
        {
            ulong seen = Math.Min(address.LastSeen, Now) is var said && said > HearsaySeconds ? said - HearsaySeconds : 0;
            if (_all.TryGetValue(endPoint, out KnownAddress? known))
            {
                Refresh(known, address.Services, seen);
                return false;
            }

            var heard = new KnownAddress(endPoint, PeerAddress.Group(source)) { Services = address.Services, LastSeen = seen };
            return !heard.IsHopeless(Now) && PutInNew(heard, mayEvict: false);
        }
    }

    /// <summary>The node could not connect with an address: it is drawn less often, and a candidate that waits for its place gets it.</summary>
    public void Failed(IPEndPoint address)
    {
        IPEndPoint plain = PeerAddress.Normalise(address);
        lock (_gate)
        {
            if (_all.TryGetValue(plain, out KnownAddress? failed))
            {
                (failed.LastTry, failed.Tries) = (Now, failed.Tries + 1);
                _file?.Touch();
            }

            if (_tests.FirstOrDefault(test => test.Occupant.Equals(plain)) is { Candidate: { } candidate })
            {
                _tests.RemoveAll(test => test.Occupant.Equals(plain));
                if (_all.TryGetValue(candidate, out KnownAddress? known))
                {
                    MoveToTried(known, evict: true);
                }
            }
        }
    }

    /// <summary>The node dialled an address and was taken: it belongs to the tried ones.</summary>
    public void Connected(IPEndPoint address, PeerServices services)
    {
        IPEndPoint plain = PeerAddress.Normalise(address);
        lock (_gate)
        {
            if (!_all.TryGetValue(plain, out KnownAddress? known))
            {
                known = new KnownAddress(plain, PeerAddress.Group(plain.Address));
                _all.Add(plain, known); // an address of the user's: nobody named it
            }

            (known.Services, known.LastSeen, known.LastSuccess, known.LastTry, known.Tries) = (services, Now, Now, Now, 0);
            _tests.RemoveAll(test => test.Occupant.Equals(plain));
            MoveToTried(known, evict: false);
            _file?.Touch();
        }
    }

    /// <summary>
    /// An address to dial, from either table with even odds; null where none may be. Untried: one only heard of, or, where another address
    /// wants the place of one that is known to work, that one: whether it still does decides.
    /// </summary>
    public AdvertisedAddress? Pick(bool untried, Func<AdvertisedAddress, bool> may)
    {
        lock (_gate)
        {
            if (untried)
            {
                return PickForTest(may) ?? Draw(_new, may);
            }

            bool triedFirst = _below(2) == 0;
            return Draw(triedFirst ? _tried : _new, may) ?? Draw(triedFirst ? _new : _tried, may);
        }
    }

    /// <summary>Some addresses to tell a peer: a random part of the book.</summary>
    public IReadOnlyList<AdvertisedAddress> Sample(int most, Func<AdvertisedAddress, bool> may)
    {
        lock (_gate)
        {
            List<AdvertisedAddress> known = [.. _all.Values.Where(each => !each.IsHopeless(Now)).Select(each => each.Advertise()).Where(may)];
            int count = Math.Min(Math.Min(most, known.Count), Math.Max(ToldLeast, ((known.Count * ToldPercent) + 99) / 100));
            for (int i = 0; i < count; i++)
            {
                int other = i + _below(known.Count - i);
                (known[i], known[other]) = (known[other], known[i]);
            }

            return known[..count];
        }
    }

    /// <inheritdoc/>
    public void KeepAnchors(IReadOnlyList<IPEndPoint> anchors)
    {
        Volatile.Write(ref _anchors, [.. anchors.Take(MostAnchors).Select(PeerAddress.Normalise)]);
        _file?.Touch();
    }

    /// <summary>Writes the file where something has changed; done every few minutes by itself, and in the end.</summary>
    public void Save() => _file?.WriteIfChanged(Serialise);

    public void Dispose()
    {
        _saver.Dispose();
        Save();
    }

    void IAddressBook.Add(AdvertisedAddress address, IPAddress source) => Add(address, source);

    private byte[] NewKey() => [.. Enumerable.Range(0, AddressPlacement.KeyBytes).Select(_ => (byte)_below(256))];

    private void Refresh(KnownAddress known, PeerServices services, ulong seen)
    {
        if (seen > known.LastSeen)
        {
            (known.LastSeen, known.Services) = (seen, services);
            _file?.Touch();
        }
    }

    private bool PutInNew(KnownAddress known, bool mayEvict)
    {
        int place = _placement.InNew(known.EndPoint, known.SourceGroup);
        if (_new[place] is { } there)
        {
            if (!mayEvict && !there.IsHopeless(Now))
            {
                return false;
            }

            _all.Remove(there.EndPoint);
        }

        known.IsTried = false;
        _new[place] = known;
        _all[known.EndPoint] = known;
        _file?.Touch();
        return true;
    }

    private void MoveToTried(KnownAddress known, bool evict)
    {
        if (known.IsTried)
        {
            return;
        }

        int place = _placement.InTried(known.EndPoint);
        KnownAddress? occupant = _tried[place];
        if (occupant is not null && !evict)
        {
            WaitForTest(known, occupant);
            return;
        }

        TakeOutOfNew(known);
        known.IsTried = true;
        _tried[place] = known;
        if (occupant is not null)
        {
            PutInNew(occupant, mayEvict: true); // it was good once: a place among those heard of
        }
    }

    /// <summary>The place is taken: the candidate waits among those heard of until the occupant was dialled.</summary>
    private void WaitForTest(KnownAddress candidate, KnownAddress occupant)
    {
        int place = _placement.InNew(candidate.EndPoint, candidate.SourceGroup);
        if (_new[place] != candidate)
        {
            PutInNew(candidate, mayEvict: true);
        }

        if (_tests.Any(test => test.Candidate.Equals(candidate.EndPoint)))
        {
            return;
        }

        if (_tests.Count == MostTests)
        {
            _tests.RemoveAt(0); // its occupant is connected, most likely, and need not be dialled
        }

        _tests.Add((candidate.EndPoint, occupant.EndPoint));
    }

    private void TakeOutOfNew(KnownAddress known)
    {
        int place = _placement.InNew(known.EndPoint, known.SourceGroup);
        if (_new[place] == known)
        {
            _new[place] = null;
        }
    }

    private AdvertisedAddress? PickForTest(Func<AdvertisedAddress, bool> may)
    {
        List<KnownAddress> occupants = [.. _tests.Select(test => _all.GetValueOrDefault(test.Occupant)).OfType<KnownAddress>().Where(known => may(known.Advertise()))];
        return occupants.Count == 0 ? null : occupants[_below(occupants.Count)].Advertise();
    }

    /// <summary>Draws until one is taken by its chance; the longer it draws, the better all chances get, as in Bitcoin.</summary>
    private AdvertisedAddress? Draw(KnownAddress?[] table, Func<AdvertisedAddress, bool> may)
    {
        const int thousand = 1000;
        List<KnownAddress> there = [.. table.OfType<KnownAddress>().Where(known => known.IsReady(Now) && may(known.Advertise()))];
        double leniency = 1;
        while (there.Count > 0)
        {
            KnownAddress known = there[_below(there.Count)];
            if (_below(thousand) < known.Chance(Now) * leniency * thousand)
            {
                return known.Advertise();
            }

            leniency *= 1.2;
        }

        return null;
    }

    private string Serialise()
    {
        lock (_gate)
        {
            return JsonSerializer.Serialize(new Saved(
                Convert.ToHexStringLower(_placement.Key),
                [.. _anchors.Select(anchor => anchor.ToString())],
                [.. _all.Values.Select(SavedAddress.Of)]));
        }
    }

    private void Load(string text)
    {
        Saved saved = JsonSerializer.Deserialize<Saved>(text, SavedFile.Strict) ?? throw new FormatException("There is nothing in it.");
        byte[] key = Convert.FromHexString(saved.Key);
        if (key.Length != AddressPlacement.KeyBytes)
        {
            throw new FormatException($"Its key has {key.Length} bytes.");
        }

        List<KnownAddress> addresses = [.. saved.Addresses.Take(Most).Select(each => each.ToKnown())];
        _anchors = [.. saved.Anchors.Take(MostAnchors).Select(IPEndPoint.Parse)];
        _placement = new AddressPlacement(key);
        foreach (KnownAddress known in addresses)
        {
            Restore(known);
        }
    }

    private void Restore(KnownAddress known)
    {
        KnownAddress?[] table = known.IsTried ? _tried : _new;
        int place = known.IsTried ? _placement.InTried(known.EndPoint) : _placement.InNew(known.EndPoint, known.SourceGroup);
        if (table[place] is null && _all.TryAdd(known.EndPoint, known))
        {
            table[place] = known;
        }
    }

    private sealed record Saved(string Key, List<string> Anchors, List<SavedAddress> Addresses);

    private sealed record SavedAddress(
        string EndPoint, string SourceGroup, uint Services, ulong LastSeen, ulong LastTry, ulong LastSuccess, int Tries, bool IsTried)
    {
        public static SavedAddress Of(KnownAddress known) => new(
            known.EndPoint.ToString(), known.SourceGroup, (uint)known.Services, known.LastSeen, known.LastTry, known.LastSuccess, known.Tries, known.IsTried);

        public KnownAddress ToKnown() => new(PeerAddress.Normalise(IPEndPoint.Parse(EndPoint)), SourceGroup)
        {
            Services = (PeerServices)Services,
            LastSeen = LastSeen,
            LastTry = LastTry,
            LastSuccess = LastSuccess,
            Tries = Tries,
            IsTried = IsTried,
        };
    }
}
