using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Api.Metrics;

/// <summary>What the node measures of its peers, of what it relays and of how far it is.</summary>
internal sealed class PeerMetrics(TransportCounters transport, PeerMeter meter, BanList bans, SyncStatus sync, IPeerChain chain)
{
    public IEnumerable<Metric> All => [.. Connections(), .. Relay(), .. Sync()];

    private IEnumerable<Metric> Connections()
    {
        yield return new Metric(
            "basilisk_peers", "Live connections by who dialled.", MetricType.Gauge, "{peer}",
            () => [new Sample(transport.Inbound, ("direction", "inbound")), new Sample(transport.Outbound, ("direction", "outbound"))]);
        yield return new Metric(
            "basilisk_peer_bytes_total", "Bytes of frames, since the start.", MetricType.Counter, "By",
            () => [new Sample(transport.BytesReceived, ("direction", "received")), new Sample(transport.BytesSent, ("direction", "sent"))]);
        yield return new Metric(
            "basilisk_peer_messages_total", "Messages by kind, since the start.", MetricType.Counter, "{message}",
            () => Enum.GetValues<MessageKind>().SelectMany(kind => new[]
            {
                new Sample(transport.Received(kind), ("direction", "received"), ("kind", kind.ToString())),
                new Sample(transport.Sent(kind), ("direction", "sent"), ("kind", kind.ToString())),
            }));
        yield return new Metric(
            "basilisk_peer_refused_total", "Connections that were refused, by token, since the start.", MetricType.Counter, "{connection}",
            () => transport.Refused.Select(refused => new Sample(refused.Value, ("token", refused.Key))));
        yield return Counter("basilisk_peer_announcements_dropped_total", "Announcements left out because a peer did not keep up.", "{message}", () => transport.Dropped);
        yield return Counter("basilisk_peer_bans_total", "Bans made, since the start.", "{ban}", () => bans.Count);
    }

    private IEnumerable<Metric> Relay()
    {
        yield return Counter("basilisk_relay_blocks_announced_total", "Announcements of new blocks sent.", "{message}", () => meter.BlocksAnnounced);
        yield return new Metric(
            "basilisk_relay_blocks_total", "New blocks taken from announcements, by what had to be asked for.", MetricType.Counter, "{block}",
            () =>
            [
                new Sample(meter.BlocksFromMempool, ("asked", "nothing")),
                new Sample(meter.BlocksRelayed - meter.BlocksFromMempool - meter.BlocksFetchedWhole, ("asked", "parts")),
                new Sample(meter.BlocksFetchedWhole, ("asked", "whole")),
            ]);
        yield return Counter("basilisk_relay_wire_bytes_total", "Bytes that came for announced blocks: announcement, and parts or the whole.", "By", () => meter.RelayBytes);
        yield return Counter("basilisk_relay_block_bytes_total", "Bytes of those blocks.", "By", () => meter.RelayedBlockBytes);
        yield return Counter("basilisk_relay_transactions_announced_total", "Hashes of waiting transactions sent, over all peers.", "{hash}", () => meter.TransactionsAnnounced);
        yield return Counter("basilisk_relay_transactions_total", "Waiting transactions that peers sent.", "{transaction}", () => meter.TransactionsFetched);
        yield return Counter("basilisk_relay_transactions_twice_total", "Of those, already here when they came.", "{transaction}", () => meter.TransactionsTwice);
        yield return Counter("basilisk_relay_blocks_served_total", "Whole blocks given to peers.", "{block}", () => meter.BlocksServed);
    }

    private IEnumerable<Metric> Sync()
    {
        yield return Gauge("basilisk_sync_current", "1 where the node is where its peers are.", "1", () => sync.Now.IsCurrent ? 1 : 0);
        yield return new Metric(
            "basilisk_sync_phase", "1 for what the node is busy with.", MetricType.Gauge, "1",
            () => SyncProgress.PhaseNames.Select(name => new Sample(name == sync.Now.PhaseName ? 1 : 0, ("phase", name))));
        yield return Gauge("basilisk_sync_target_height", "Height that the node is on the way to.", "{block}", () => sync.Now.TargetHeight);
        yield return Gauge("basilisk_sync_header_height", "Height of the best header.", "{block}", () => chain.BestHeader.Height);
        yield return Gauge("basilisk_sync_blocks_per_second", "Blocks connected, over the last half minute.", "{block}/s", () => sync.Now.BlocksPerSecond);
        yield return Counter("basilisk_sync_headers_total", "New headers that peers sent.", "{header}", () => meter.HeadersTaken);
        yield return Counter("basilisk_sync_blocks_total", "Blocks fetched while catching up.", "{block}", () => meter.BlocksDownloaded);
        yield return Counter("basilisk_sync_bytes_total", "Their bytes.", "By", () => meter.DownloadBytes);
    }

    private static Metric Gauge(string name, string help, string unit, Func<double> value) =>
        new(name, help, MetricType.Gauge, unit, () => [new Sample(value())]);

    private static Metric Counter(string name, string help, string unit, Func<double> value) =>
        new(name, help, MetricType.Counter, unit, () => [new Sample(value())]);
}
