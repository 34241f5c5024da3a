using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// Where in the address book an address may lie. A secret key decides, so that nobody else can compute which addresses push out which; and
/// the groups of address and source, so that one network fills few buckets however many addresses it names.
/// </summary>
/// <param name="key">32 secret bytes.</param>
internal sealed class AddressPlacement(byte[] key)
{
    public const int KeyBytes = 32;

    /// <summary>Buckets of addresses that the node has only heard of.</summary>
    public const int NewBuckets = 256;

    /// <summary>Of these, buckets that addresses named by one source group can get into.</summary>
    public const int NewBucketsPerSource = 16;

    /// <summary>Buckets of addresses that the node was connected with.</summary>
    public const int TriedBuckets = 64;

    /// <summary>Of these, buckets that addresses of one group can get into.</summary>
    public const int TriedBucketsPerGroup = 4;

    /// <summary>Addresses in a bucket.</summary>
    public const int Slots = 32;

    public byte[] Key => key;

    /// <summary>Place of an address among those heard of, from 0.</summary>
    public int InNew(IPEndPoint address, string sourceGroup)
    {
        string group = PeerAddress.Group(address.Address);
        int branch = Below(NewBucketsPerSource, "new-branch", group, sourceGroup);
        int bucket = Below(NewBuckets, "new-bucket", sourceGroup, branch.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (bucket * Slots) + Slot("new", bucket, address);
    }

    /// <summary>Place of an address among those tried, from 0.</summary>
    public int InTried(IPEndPoint address)
    {
        int branch = Below(TriedBucketsPerGroup, "tried-branch", address.ToString());
        int bucket = Below(TriedBuckets, "tried-bucket", PeerAddress.Group(address.Address), branch.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (bucket * Slots) + Slot("tried", bucket, address);
    }

    private int Slot(string table, int bucket, IPEndPoint address) =>
        Below(Slots, table, bucket.ToString(System.Globalization.CultureInfo.InvariantCulture), address.ToString());

    // No part contains a line feed, so that no two lists of parts are the same text.
    private int Below(int bound, params ReadOnlySpan<string> parts)
    {
        byte[] hash = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(string.Join('\n', parts)));
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)bound);
    }
}
