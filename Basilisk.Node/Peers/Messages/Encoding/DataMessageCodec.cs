using System.Collections.Immutable;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// GetData [request id, data kind, root, index], DataChunk [request id, index, count, bytes, [sibling …]],
/// NetworkDescription [request id, description, manifest].
/// </summary>
internal static class DataMessageCodec
{
    public static void Write(RlpWriter rlp, GetData request) =>
        rlp.Write(request.RequestId).Write((ulong)request.Data).Write(request.Root).Write((ulong)request.Index);

    public static GetData ReadGetData(ref RlpReader rlp)
    {
        var request = new GetData(rlp.ReadRequestId(), (DataKind)rlp.ReadUInt32("data kind"), rlp.ReadHash("root"), rlp.ReadUInt32("index"));
        if (!Enum.IsDefined(request.Data))
        {
            rlp.Refuse(PeerTokens.DataKindUnknown, "data kind", "names no content", (uint)request.Data, (uint)DataKind.Tokenizer);
        }

        return request;
    }

    public static void Write(RlpWriter rlp, DataChunk chunk) =>
        rlp.Write(chunk.RequestId).Write((ulong)chunk.Index).Write((ulong)chunk.Count).Write(chunk.Bytes.Span).WriteHashes(chunk.Siblings);

    public static DataChunk ReadDataChunk(ref RlpReader rlp)
    {
        ulong id = rlp.ReadRequestId();
        uint index = rlp.ReadUInt32("index");
        uint count = rlp.ReadUInt32("count");

        // The one piece of a tokenizer has no proof and may be large; of two or more chunks each is small.
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(count == 1 ? DataChunk.MostTokenizerBytes : DataChunk.MostBytes, "chunk");
        ImmutableArray<Hash256> siblings = rlp.ReadHashes(DataChunk.MostSiblings, "siblings");
        return new DataChunk(id, index, count, rlp.Failed ? default(ReadOnlyMemory<byte>) : bytes.ToArray(), siblings);
    }

    public static void Write(RlpWriter rlp, NetworkDescription description) =>
        rlp.Write(description.RequestId).Write(description.Description.Span).Write(description.Manifest.Span);

    public static NetworkDescription ReadNetworkDescription(ref RlpReader rlp)
    {
        ulong id = rlp.ReadRequestId();
        ReadOnlySpan<byte> description = rlp.ReadBytes(NetworkDescription.MostDescription, "description");
        ReadOnlySpan<byte> manifest = rlp.ReadBytes(NetworkDescription.MostDescription, "manifest");
        return new NetworkDescription(id, description.ToArray(), manifest.ToArray());
    }
}
