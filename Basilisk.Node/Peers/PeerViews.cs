using Basilisk.Contracts.NodeStatus;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers;

/// <summary>The node's connections as APIs and the command line show them.</summary>
public sealed class PeerViews(PeerNetwork network, LivePeers live, PeerScores scores, BanList bans, IAddressBook book)
{
    public PeersView Now() => new(
        network.Id.ToString(),
        network.ListeningOn?.ToString(),
        book.Count,
        [.. network.Peers.OrderBy(peer => peer.Id).Select(View)],
        [.. bans.Current.Select(ban => new BanView(ban.Peer?.ToString(), ban.Address?.ToString(), ban.Until.ToUnixTimeSeconds(), ban.Reason))]);

    private PeerView View(IPeer peer) => new(
        peer.Id.ToString(),
        peer.Remote.ToString(),
        peer.IsInbound,
        peer.Hello.Agent,
        Services(peer.Hello.Services),
        (long)(live.Find(peer)?.Tip.Height ?? peer.Hello.Height),
        peer.RoundTrip?.TotalSeconds,
        peer.BytesReceived,
        peer.BytesSent,
        Math.Round(scores.Of(peer.Id), 1),
        Math.Round(peer.Age.TotalSeconds));

    private static List<string> Services(PeerServices services) =>
        [.. new[] { PeerServices.Blocks, PeerServices.Archive, PeerServices.Snapshots, PeerServices.Genesis }.Where(each => services.HasFlag(each)).Select(each => each.ToString().ToLowerInvariant())];
}
