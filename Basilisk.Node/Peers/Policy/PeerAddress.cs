using System.Net;
using System.Net.Sockets;

namespace Basilisk.Node.Peers.Policy;

/// <summary>What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, which one user gets whole.</summary>
public static class PeerAddress
{
    private const int HostBytes = 8;

    /// <summary>IPv4 addresses in IPv6 dress become IPv4; scopes fall away.</summary>
    public static IPAddress Normalise(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address;
    }

    public static IPEndPoint Normalise(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new IPEndPoint(Normalise(endPoint.Address), endPoint.Port);
    }

    /// <summary>The address, or the /64 it lies in: who has one of its addresses has all.</summary>
    public static IPAddress Owner(IPAddress address)
    {
        IPAddress plain = Normalise(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(plain))
        {
            return plain;
        }

        byte[] bytes = plain.GetAddressBytes();
        bytes.AsSpan(HostBytes).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Whether limits per address do not apply: everybody on this machine has the address.</summary>
    public static bool IsShared(IPAddress address) => IPAddress.IsLoopback(Normalise(address));
}
