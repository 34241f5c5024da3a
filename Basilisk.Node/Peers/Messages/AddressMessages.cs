using System.Collections.Immutable;
using System.Net;

namespace Basilisk.Node.Peers.Messages;

/// <summary>A node somebody knows of.</summary>
/// <param name="EndPoint">Address (IPv4 or IPv6) and port it listens on.</param>
/// <param name="Services">What it is said to do.</param>
/// <param name="LastSeen">Unix seconds of the last connection to it.</param>
public sealed record AdvertisedAddress(IPEndPoint EndPoint, PeerServices Services, ulong LastSeen);

public sealed record GetAddresses(ulong RequestId) : PeerRequest(RequestId)
{
    public override MessageKind Kind => MessageKind.GetAddresses;
}

/// <summary>Addresses, at most <see cref="Most"/>. As an announcement of one's own address the request id is 0 and there is one entry.</summary>
public sealed record Addresses(ulong RequestId, ImmutableArray<AdvertisedAddress> Known) : PeerAnswer(RequestId)
{
    public const int Most = 250;

    public override MessageKind Kind => MessageKind.Addresses;
}
