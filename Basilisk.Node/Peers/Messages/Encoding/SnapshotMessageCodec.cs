using System.Collections.Immutable;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// SnapshotOffer [request id, block, height, entries], GetStateChunk [request id, block, prefix, bits],
/// StateChunk [request id, too many, [[key, value] …], [sibling …]].
/// </summary>
internal static class SnapshotMessageCodec
{
    /// <summary>Most siblings of a state chunk: one per bit of a key.</summary>
    public const int MostSiblings = KeyBitCount;

    private const int KeyBitCount = 8 * Hash256.Size;

    public static void Write(RlpWriter rlp, SnapshotOffer offer) =>
        rlp.Write(offer.RequestId).Write(offer.Block).Write(offer.Height).Write((ulong)offer.Entries);

    public static SnapshotOffer ReadSnapshotOffer(ref RlpReader rlp) =>
        new(rlp.ReadRequestId(), rlp.ReadHash("block"), rlp.ReadUInt64("height"), rlp.ReadUInt32("entries"));

    public static void Write(RlpWriter rlp, GetStateChunk request) =>
        rlp.Write(request.RequestId).Write(request.Block).Write(request.Prefix).Write((ulong)request.Bits);

    public static GetStateChunk ReadGetStateChunk(ref RlpReader rlp)
    {
        var request = new GetStateChunk(rlp.ReadRequestId(), rlp.ReadHash("block"), rlp.ReadHash("prefix"), rlp.ReadUInt32("bits"));
        if (request.Bits > KeyBitCount)
        {
            rlp.Refuse(PeerTokens.PrefixMalformed, "prefix", "has more bits than a key", request.Bits, KeyBitCount);
        }
        else if (HasBitsAfter(request.Prefix, (int)request.Bits))
        {
            rlp.Refuse(PeerTokens.PrefixMalformed, "prefix", "has bits set behind its end", null, request.Bits);
        }

        return request;
    }

    public static void Write(RlpWriter rlp, StateChunk chunk)
    {
        rlp.Write(chunk.RequestId).Write(chunk.TooMany).BeginList();
        foreach ((Hash256 key, ReadOnlyMemory<byte> value) in chunk.Entries)
        {
            rlp.BeginList().Write(key).Write(value.Span).EndList();
        }

        rlp.EndList().WriteHashes(chunk.Siblings);
    }

    public static StateChunk ReadStateChunk(ref RlpReader rlp)
    {
        ulong id = rlp.ReadRequestId();
        bool tooMany = rlp.ReadBoolean("too many");
        ImmutableArray<KeyValuePair<Hash256, ReadOnlyMemory<byte>>> entries = rlp.ReadItems(tooMany ? 0 : StateChunk.MostEntries, "entries", ReadEntry);
        ImmutableArray<Hash256> siblings = rlp.ReadHashes(MostSiblings, "siblings");
        for (int i = 1; i < entries.Length; i++)
        {
            if (entries[i].Key <= entries[i - 1].Key)
            {
                rlp.Refuse(PeerTokens.MessageOrder, "entries", "do not rise", i);
            }
        }

        return new StateChunk(id, tooMany, entries, siblings);
    }

    private static KeyValuePair<Hash256, ReadOnlyMemory<byte>> ReadEntry(ref RlpReader rlp)
    {
        rlp.EnterList("entry");
        Hash256 key = rlp.ReadHash("key");
        byte[] value = rlp.ReadBytes(StateChunk.MostValueBytes, "value").ToArray();
        rlp.LeaveList("entry");
        return new KeyValuePair<Hash256, ReadOnlyMemory<byte>>(key, value);
    }

    private static bool HasBitsAfter(Hash256 key, int bits)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        key.CopyTo(bytes);
        if (bits == KeyBitCount)
        {
            return false;
        }

        return (bytes[bits / 8] & (0xFF >> (bits % 8))) != 0 || bytes[((bits / 8) + 1)..].ContainsAnyExcept((byte)0);
    }
}
