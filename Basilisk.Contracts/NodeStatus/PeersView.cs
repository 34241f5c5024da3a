namespace Basilisk.Contracts.NodeStatus;

/// <summary>The nodes that a node talks to.</summary>
/// <param name="Id">The node's own peer id.</param>
/// <param name="Listening">Address and port it takes connections on; null where it takes none.</param>
/// <param name="Known">Addresses in its book.</param>
/// <param name="Peers">Live connections.</param>
/// <param name="Bans">Whom it does not talk to for a while.</param>
public sealed record PeersView(string Id, string? Listening, int Known, IReadOnlyList<PeerView> Peers, IReadOnlyList<BanView> Bans);

/// <summary>One live connection.</summary>
/// <param name="Id">Hash of the peer's key.</param>
/// <param name="Address">Where the connection leads.</param>
/// <param name="Inbound">Whether the peer dialled.</param>
/// <param name="Agent">Program and version that it names.</param>
/// <param name="Services">What it does for others: blocks, archive, snapshots, genesis.</param>
/// <param name="Height">The highest tip it has named.</param>
/// <param name="RoundTripSeconds">Of the last ping; null before the first.</param>
/// <param name="BytesReceived">From it.</param>
/// <param name="BytesSent">To it.</param>
/// <param name="Score">Points of its offences; at 100 it is banned.</param>
/// <param name="ConnectedSeconds">Age of the connection.</param>
public sealed record PeerView(
    string Id,
    string Address,
    bool Inbound,
    string Agent,
    IReadOnlyList<string> Services,
    long Height,
    double? RoundTripSeconds,
    long BytesReceived,
    long BytesSent,
    double Score,
    double ConnectedSeconds);

/// <summary>A ban.</summary>
/// <param name="Peer">Peer id, where it is one.</param>
/// <param name="Address">Address (IPv6: of its /64), where it is one.</param>
/// <param name="Until">Unix seconds.</param>
/// <param name="Reason">Token of the offence, or the operator's word.</param>
public sealed record BanView(string? Peer, string? Address, long Until, string Reason);

/// <summary>What the operator's word about a peer did.</summary>
/// <param name="Target">Whom it was about.</param>
/// <param name="Changed">Whether anything is different now.</param>
public sealed record PeerChange(string Target, bool Changed);
