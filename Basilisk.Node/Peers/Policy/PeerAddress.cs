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

    /// <summary>The network that an address belongs to, as far as one party usually has it: IPv4 /16, IPv6 /32.</summary>
    public static string Group(IPAddress address)
    {
        byte[] bytes = Normalise(address).GetAddressBytes();
        return bytes.Length == HostBytes / 2
            ? "4:" + Convert.ToHexStringLower(bytes.AsSpan(0, 2))
            : "6:" + Convert.ToHexStringLower(bytes.AsSpan(0, 4));
    }

    /// <summary>
    /// Whether somebody may name this address: one that leads anywhere at all, and no nearer to this node than he is himself, so that a
    /// stranger cannot make it dial machines of its own network.
    /// </summary>
    public static bool MayBeToldBy(IPAddress address, IPAddress teller) => ReachOf(Normalise(address)) is { } reach && reach >= ReachOf(Normalise(teller));

    private static Reach? ReachOf(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return Reach.Machine;
        }

        byte[] bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bool isNowhere = address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast || address.IsIPv6LinkLocal; // a link-local address lost its scope
            return isNowhere ? null : address.IsIPv6UniqueLocal ? Reach.Site : Reach.World;
        }

        return bytes switch
        {
            [0, ..] or [>= 224, ..] => null, // none; multicast, reserved, broadcast
            [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..] or [100, >= 64 and <= 127, ..] => Reach.Site,
            _ => Reach.World,
        };
    }

    private enum Reach
    {
        Machine,
        Site,
        World,
    }
}
