using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Transactions;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// NewBlock [280 bytes, [transaction hash …], [payload hash …]], GetBlockParts [request id, block, [place …], [place …]],
/// BlockParts [request id, [transaction …], [payload …]], Blocks [request id, [block …]].
/// </summary>
internal static class BlockMessageCodec
{
    public static void Write(RlpWriter rlp, NewBlock block) =>
        rlp.Write(block.Header.Encode()).WriteHashes(block.Transactions).WriteHashes(block.Payloads);

    public static NewBlock ReadNewBlock(ref RlpReader rlp, BlockCaps caps) => new(
        MessageFields.ReadHeader(ref rlp),
        rlp.ReadHashes(caps.Transactions, "transactions"),
        rlp.ReadHashes(caps.PayloadsPerBlock, "payloads"));

    public static void Write(RlpWriter rlp, GetBlockParts request)
    {
        rlp.Write(request.RequestId).Write(request.Block);
        WritePlaces(rlp, request.Transactions);
        WritePlaces(rlp, request.Payloads);
    }

    public static GetBlockParts ReadGetBlockParts(ref RlpReader rlp, BlockCaps caps) => new(
        rlp.ReadRequestId(),
        rlp.ReadHash("block"),
        ReadPlaces(ref rlp, caps.Transactions, "transactions"),
        ReadPlaces(ref rlp, caps.PayloadsPerBlock, "payloads"));

    public static void Write(RlpWriter rlp, BlockParts parts)
    {
        rlp.Write(parts.RequestId).BeginList();
        foreach (Transaction transaction in parts.Transactions)
        {
            rlp.Write(transaction.Encoded);
        }

        rlp.EndList().BeginList();
        foreach (ReadOnlyMemory<byte> payload in parts.Payloads)
        {
            rlp.Write(payload.Span);
        }

        rlp.EndList();
    }

    public static BlockParts ReadBlockParts(ref RlpReader rlp, BlockCaps caps) => new(
        rlp.ReadRequestId(),
        rlp.ReadItems<Transaction>(caps.Transactions, "transactions", static (ref RlpReader item) => MessageFields.ReadTransaction(ref item)!),
        rlp.ReadItems(caps.PayloadsPerBlock, "payloads", (ref RlpReader item) => MessageFields.ReadPayload(ref item, caps.PayloadBytes)));

    public static void Write(RlpWriter rlp, Blocks blocks)
    {
        rlp.Write(blocks.RequestId).BeginList();
        foreach (Block block in blocks.Whole)
        {
            rlp.WriteEncoded(BlockCodec.Encode(block));
        }

        rlp.EndList();
    }

    public static void Write(RlpWriter rlp, EncodedBlocks blocks)
    {
        rlp.Write(blocks.RequestId).BeginList();
        foreach (ReadOnlyMemory<byte> block in blocks.Encoded)
        {
            rlp.WriteEncoded(block.Span);
        }

        rlp.EndList();
    }

    public static Blocks ReadBlocks(ref RlpReader rlp, BlockCaps caps) => new(
        rlp.ReadRequestId(),
        rlp.ReadItems(GetBlocks.Most, "blocks", (ref RlpReader item) => ReadBlock(ref item, caps)));

    private static Block ReadBlock(ref RlpReader rlp, BlockCaps caps)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadEncoded("block");
        return rlp.Failed ? null! : rlp.Take(BlockCodec.Decode(bytes, caps), "block")!; // null only where the reader failed: the message is refused
    }

    private static void WritePlaces(RlpWriter rlp, ImmutableArray<uint> places)
    {
        rlp.BeginList();
        foreach (uint place in places)
        {
            rlp.Write((ulong)place);
        }

        rlp.EndList();
    }

    private static ImmutableArray<uint> ReadPlaces(ref RlpReader rlp, uint most, string field)
    {
        ImmutableArray<uint> places = rlp.ReadItems(most, field, static (ref RlpReader item) => item.ReadUInt32("place"));
        for (int i = 1; i < places.Length; i++)
        {
            if (places[i] <= places[i - 1])
            {
                rlp.Refuse(PeerTokens.MessageOrder, field, "do not rise", places[i], places[i - 1]);
            }
        }

        return places;
    }
}
