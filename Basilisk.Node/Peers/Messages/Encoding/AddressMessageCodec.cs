using System.Net;
using Basilisk.Chain.Rlp;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Addresses [request id, [[4 or 16 bytes of address, port, services, last seen] …]].</summary>
internal static class AddressMessageCodec
{
    private const int IPv4Bytes = 4;
    private const int IPv6Bytes = 16;

    public static void Write(RlpWriter rlp, Addresses addresses)
    {
        rlp.Write(addresses.RequestId).BeginList();
        foreach (AdvertisedAddress known in addresses.Known)
        {
            IPAddress address = known.EndPoint.Address.IsIPv4MappedToIPv6 ? known.EndPoint.Address.MapToIPv4() : known.EndPoint.Address;
            rlp.BeginList().Write(address.GetAddressBytes()).Write((ulong)known.EndPoint.Port).Write((ulong)known.Services).Write(known.LastSeen).EndList();
        }

        rlp.EndList();
    }

    public static Addresses ReadAddresses(ref RlpReader rlp) =>
        new(rlp.ReadRequestId(), rlp.ReadItems(Addresses.Most, "addresses", ReadAddress));

    private static AdvertisedAddress ReadAddress(ref RlpReader rlp)
    {
        rlp.EnterList("address");
        IPAddress address = ReadBytes(ref rlp);
        ushort port = HandshakeCodec.ReadPort(ref rlp);
        if (port == 0)
        {
            rlp.Refuse(PeerTokens.AddressMalformed, "address", "has no port");
        }

        var known = new AdvertisedAddress(new IPEndPoint(address, port), (PeerServices)rlp.ReadUInt32("services"), rlp.ReadUInt64("last seen"));
        rlp.LeaveList("address");
        return known;
    }

    private static IPAddress ReadBytes(ref RlpReader rlp)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(field: "address");
        if (rlp.Failed)
        {
            return IPAddress.None;
        }

        if (bytes.Length is not (IPv4Bytes or IPv6Bytes))
        {
            rlp.Refuse(PeerTokens.AddressMalformed, "address", "has neither 4 nor 16 bytes", bytes.Length, IPv6Bytes);
            return IPAddress.None;
        }

        var address = new IPAddress(bytes);
        if (address.IsIPv4MappedToIPv6)
        {
            rlp.Refuse(PeerTokens.AddressMalformed, "address", "is an IPv4 address in 16 bytes");
        }

        return address;
    }
}
