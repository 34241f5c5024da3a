using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Dialling;

/// <summary>
/// Keeps as many connections out as the options say: to the anchors of the last run first, then to addresses of the book, of which no
/// two from one network neighbourhood while there are others. Now and then it tries an address that nobody has been at, and lets go.
/// </summary>
public sealed class OutboundSlots(PeerNetwork network, IAddressBook book, PeerOptions options, TimeProvider time, ILogger<OutboundSlots> log)
{
    /// <summary>Outbound peers kept as anchors over a restart.</summary>
    public const int MostAnchors = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FeelerInterval = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnchorInterval = TimeSpan.FromMinutes(1);

    private long _lastFeeler = time.GetTimestamp();
    private long _lastAnchors = time.GetTimestamp();

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (IPEndPoint anchor in book.Anchors.Take(MostAnchors))
        {
            await DialAsync(anchor, cancellation);
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await FillAsync(cancellation);
            await FeelAsync(cancellation);
            DropRedundant();
            KeepAnchors();
        }
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        if (network.Peers.Count(peer => !peer.IsInbound) >= options.Outbound)
        {
            return;
        }

        HashSet<string> near = [.. network.Peers.Where(peer => !peer.IsInbound).Select(peer => PeerAddress.Group(peer.Remote.Address))];
        AdvertisedAddress? next = book.Pick(untried: false, known => IsFree(known) && !near.Contains(PeerAddress.Group(known.EndPoint.Address)))
            ?? book.Pick(untried: false, IsFree);
        if (next is not null)
        {
            await DialAsync(next.EndPoint, cancellation);
        }
    }

    private async Task FeelAsync(CancellationToken cancellation)
    {
        if (time.GetElapsedTime(_lastFeeler) < FeelerInterval || network.Peers.Count(peer => !peer.IsInbound) < options.Outbound)
        {
            return;
        }

        _lastFeeler = time.GetTimestamp();
        if (book.Pick(untried: true, IsFree) is { } address && await DialAsync(address.EndPoint, cancellation) is { } peer)
        {
            peer.Close(PeerTokens.Stopping, "Only to see whether you are there.");
        }
    }

    private async Task<IPeer?> DialAsync(IPEndPoint address, CancellationToken cancellation)
    {
        Verdict<IPeer> dialled = await network.DialAsync(address, cancellation);
        if (dialled.TryGet(out IPeer? peer, out Refusal? refusal))
        {
            book.Connected(address, peer.Hello.Services);
            return peer;
        }

        if (refusal.Token is not (PeerTokens.AlreadyConnected or PeerTokens.TooManyConnections))
        {
            book.Failed(address);
            log.DialFailed(address.ToString(), refusal.Token);
        }

        return null;
    }

    /// <summary>Whether nobody is connected at that place, in or out.</summary>
    private bool IsFree(AdvertisedAddress known) =>
        !known.EndPoint.Equals(network.ListeningOn)
        && !network.Peers.Any(peer => peer.Remote.Equals(known.EndPoint) || (peer.Hello.ListenPort == known.EndPoint.Port && peer.Remote.Address.Equals(known.EndPoint.Address)));

    /// <summary>
    /// Where no more connections fit in, one makes room: of the neighbourhood with the most, the one that was slowest to answer. Who would
    /// surround the node must come from many places.
    /// </summary>
    private void DropRedundant()
    {
        IPeer[] inbound = [.. network.Peers.Where(peer => peer.IsInbound)];
        if (inbound.Length < options.Inbound || inbound.Length < 4)
        {
            return;
        }

        IGrouping<string, IPeer> crowd = inbound.GroupBy(peer => PeerAddress.Group(peer.Remote.Address)).MaxBy(group => group.Count())!;
        IPeer worst = crowd.MaxBy(peer => peer.RoundTrip ?? TimeSpan.MaxValue)!;
        worst.Close(PeerTokens.TooManyConnections, "Room is made for others.");
    }

    private void KeepAnchors()
    {
        if (time.GetElapsedTime(_lastAnchors) >= AnchorInterval)
        {
            _lastAnchors = time.GetTimestamp();
            book.KeepAnchors([.. network.Peers.Where(peer => !peer.IsInbound).Take(MostAnchors).Select(peer => peer.Remote)]);
        }
    }
}
