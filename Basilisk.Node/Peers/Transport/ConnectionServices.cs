using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What all connections of a node share.</summary>
/// <param name="Report">Told of offences.</param>
internal sealed record ConnectionServices(
    MessageCodec Codec,
    IPeerHandler Handler,
    Action<PeerConnection, Offence, Refusal?> Report,
    TransportLimits Limits,
    TransportCounters Counters,
    TimeProvider Time,
    ILogger Log);
