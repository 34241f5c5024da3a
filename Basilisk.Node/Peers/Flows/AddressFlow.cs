using System.Net;
using System.Runtime.CompilerServices;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// "Whom do you know?": asked of each peer once, answered from the book. A node's own address is told to its peers once a day, and each
/// passes it to a few. No address goes to somebody who could not reach it, or is taken from somebody who could not.
/// </summary>
/// <param name="book">Addresses known.</param>
/// <param name="peers">Live peers.</param>
/// <param name="own">The node's own address where it knows it; null otherwise: peers see where a connection comes from.</param>
/// <param name="time">The clock.</param>
public sealed class AddressFlow(IAddressBook book, LivePeers peers, Func<AdvertisedAddress?> own, TimeProvider time) : IConversation, IServing<GetAddresses>
{
    /// <summary>To how many peers an address is passed on.</summary>
    private const int Fan = 2;

    /// <summary>Answers to one peer: who asks again and again reads the book, not for addresses.</summary>
    private const int MostAnswers = 3;

    /// <summary>Announcements taken of one peer in a day.</summary>
    private const int MostAnnouncements = 64;

    private const int MostPassedOn = 4_096;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>An address seen longer ago is no news.</summary>
    private static readonly TimeSpan News = TimeSpan.FromMinutes(30);

    private readonly ConditionalWeakTable<IPeer, Count> _counts = [];
    private readonly BoundedSet<(IPEndPoint EndPoint, long Day)> _passedOn = new(MostPassedOn);

    public async Task RunAsync(LivePeer peer, CancellationToken closed)
    {
        ArgumentNullException.ThrowIfNull(peer);
        NoteCaller(peer);
        if ((await peer.Peer.AskAsync<Addresses>(new GetAddresses(0), closed)).TryGet(out Addresses? answer, out _))
        {
            foreach (AdvertisedAddress address in answer.Known)
            {
                Note(peer, address);
            }
        }

        while (true)
        {
            if (own() is { } self && PeerAddress.MayBeToldBy(self.EndPoint.Address, peer.Peer.Remote.Address))
            {
                peer.Peer.TrySend(new Addresses(0, [self]));
            }

            await Task.Delay(Day, time, closed);
        }
    }

    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetAddresses request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult<PeerAnswer>(++_counts.GetOrCreateValue(peer).Answers > MostAnswers
            ? new NotServed(request.RequestId, PeerTokens.NotServed)
            : new Addresses(request.RequestId, [.. book.Sample(Addresses.Most, known => PeerAddress.MayBeToldBy(known.EndPoint.Address, peer.Remote.Address))]));
    }

    /// <summary>Takes an announcement: one address, passed on to a few where it is news.</summary>
    public void Take(LivePeer peer, Addresses announcement)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(announcement);
        if (announcement.Known.Length != 1)
        {
            peer.Peer.Report(Offence.Malformed, new Refusal(
                RefusalKind.Isolation, PeerTokens.MessageCount, "An announcement names one address.", announcement.Known.Length, 1));
            return;
        }

        if (++_counts.GetOrCreateValue(peer.Peer).Announcements <= MostAnnouncements && Note(peer, announcement.Known[0]))
        {
            PassOn(peer, announcement.Known[0]);
        }
    }

    // Who dialled and takes connections can be reached where it came from, at the port it names.
    private void NoteCaller(LivePeer peer)
    {
        if (peer.Peer is { IsInbound: true, Hello.ListenPort: > 0 } caller)
        {
            var address = new AdvertisedAddress(
                new IPEndPoint(caller.Remote.Address, caller.Hello.ListenPort), caller.Hello.Services, (ulong)time.GetUtcNow().ToUnixTimeSeconds());
            if (Note(peer, address))
            {
                PassOn(peer, address);
            }
        }
    }

    private bool Note(LivePeer from, AdvertisedAddress address)
    {
        if (address.EndPoint.Port == 0 || !PeerAddress.MayBeToldBy(address.EndPoint.Address, from.Peer.Remote.Address) || IsOwn(address))
        {
            return false;
        }

        ulong now = (ulong)time.GetUtcNow().ToUnixTimeSeconds();
        book.Add(address with { LastSeen = Math.Min(address.LastSeen, now) }, from.Peer.Remote.Address);
        return address.LastSeen + News.TotalSeconds >= now;
    }

    private bool IsOwn(AdvertisedAddress address) => own() is { } self && self.EndPoint.Equals(address.EndPoint);

    private void PassOn(LivePeer from, AdvertisedAddress address)
    {
        if (!_passedOn.Add((address.EndPoint, time.GetUtcNow().Ticks / Day.Ticks)))
        {
            return;
        }

        IEnumerable<LivePeer> others = peers.All.Where(peer => peer != from && PeerAddress.MayBeToldBy(address.EndPoint.Address, peer.Peer.Remote.Address));
        foreach (LivePeer peer in others.OrderBy(_ => Random.Shared.Next()).Take(Fan))
        {
            peer.Peer.TrySend(new Addresses(0, [address]));
        }
    }

    private sealed class Count
    {
        public int Answers { get; set; }

        public int Announcements { get; set; }
    }
}
