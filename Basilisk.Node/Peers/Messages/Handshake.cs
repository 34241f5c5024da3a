using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>What a node does for others; bits.</summary>
[Flags]
public enum PeerServices : uint
{
    None = 0,

    /// <summary>Serves headers and recent blocks.</summary>
    Blocks = 1,

    /// <summary>Serves every block with its payloads, from genesis.</summary>
    Archive = 2,

    /// <summary>Serves snapshots: state and checkpoint of a settled round.</summary>
    Snapshots = 4,

    /// <summary>Serves tokenizer, corpus and first checkpoint.</summary>
    Genesis = 8,
}

/// <summary>
/// The first message of both sides. A node that does not have the network's files yet sends zero hashes and may only ask
/// <see cref="GetNetwork"/> and <see cref="GetData"/>.
/// </summary>
/// <param name="ProtocolVersion">Version of this protocol; see <see cref="CurrentVersion"/>.</param>
/// <param name="Network">Keccak-256 of the network's parameters; zero from a node that has none yet.</param>
/// <param name="Tip">Hash of the sender's tip.</param>
/// <param name="Height">Its height.</param>
/// <param name="TotalWork">Its chain's work.</param>
/// <param name="Services">What the sender does for others.</param>
/// <param name="ListenPort">Port it takes connections on; 0 where it takes none.</param>
/// <param name="Time">The sender's clock, Unix seconds: a node whose clock is off from most others' says so.</param>
/// <param name="Agent">Program and version, at most 64 printable ASCII characters.</param>
public sealed record Hello(
    uint ProtocolVersion, Hash256 Network, Hash256 Tip, ulong Height, UInt256 TotalWork, PeerServices Services, ushort ListenPort, ulong Time, string Agent) : PeerMessage
{
    public const uint CurrentVersion = 1;

    public const int AgentLength = 64;

    public override MessageKind Kind => MessageKind.Hello;
}

/// <summary>The last message: why the connection is closed.</summary>
/// <param name="Token">One of <see cref="PeerTokens"/>, or of the rule that was broken; at most 64 printable ASCII characters.</param>
/// <param name="Detail">A sentence for people, at most 256 printable ASCII characters.</param>
public sealed record Goodbye(string Token, string Detail) : PeerMessage
{
    public const int DetailLength = 256;

    public override MessageKind Kind => MessageKind.Goodbye;
}

public sealed record Ping(ulong Nonce) : PeerMessage
{
    public override MessageKind Kind => MessageKind.Ping;
}

public sealed record Pong(ulong Nonce) : PeerMessage
{
    public override MessageKind Kind => MessageKind.Pong;
}

/// <summary>"I do not have it", for any request.</summary>
/// <param name="Token">Why, one of <see cref="PeerTokens"/>; at most 64 printable ASCII characters.</param>
public sealed record NotServed(ulong RequestId, string Token) : PeerAnswer(RequestId)
{
    public const int TokenLength = 64;

    public override MessageKind Kind => MessageKind.NotServed;
}
