using System.Net;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers;

/// <summary>
/// Where the node can be reached, as far as it knows: the address it was told to listen on. One that listens on every address does not know;
/// its peers see where its connections come from.
/// </summary>
public sealed class OwnAddress(PeerOptions options, OwnHello hello, TimeProvider time)
{
    public AdvertisedAddress? Find() => options.ListenEndPoint is { Port: > 0 } place && !place.Address.Equals(IPAddress.Any) && !place.Address.Equals(IPAddress.IPv6Any)
        ? new AdvertisedAddress(place, hello.Services, (ulong)time.GetUtcNow().ToUnixTimeSeconds())
        : null;
}
