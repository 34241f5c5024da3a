using Basilisk.Chain.Refusals;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What all connections of a node share.</summary>
/// <param name="Report">Told of offences.</param>
/// <param name="Options">The operator's choices.</param>
/// <param name="Upload">The rate that all connections share.</param>
internal sealed record ConnectionServices(
    MessageCodec Codec,
    IPeerHandler Handler,
    Action<PeerConnection, Offence, Refusal?> Report,
    TransportLimits Limits,
    PeerOptions Options,
    UploadRate Upload,
    TransportCounters Counters,
    TimeProvider Time,
    ILogger Log);
