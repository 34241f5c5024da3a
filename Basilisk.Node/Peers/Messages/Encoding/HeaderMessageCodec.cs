using Basilisk.Chain.Blocks;
using Basilisk.Chain.Rlp;

namespace Basilisk.Node.Peers.Messages;

/// <summary>GetHeaders [request id, [hash …], stop], Headers [request id, [280 bytes …]].</summary>
internal static class HeaderMessageCodec
{
    public static void Write(RlpWriter rlp, GetHeaders request) =>
        rlp.Write(request.RequestId).WriteHashes(request.Locator).Write(request.Stop);

    public static GetHeaders ReadGetHeaders(ref RlpReader rlp) =>
        new(rlp.ReadRequestId(), rlp.ReadHashes(GetHeaders.MostLocator, "locator"), rlp.ReadHash("stop"));

    public static void Write(RlpWriter rlp, Headers headers)
    {
        rlp.Write(headers.RequestId).BeginList();
        foreach (BlockHeader header in headers.Chain)
        {
            rlp.Write(header.Encode());
        }

        rlp.EndList();
    }

    public static Headers ReadHeaders(ref RlpReader rlp) =>
        new(rlp.ReadRequestId(), rlp.ReadItems(Headers.Most, "headers", MessageFields.ReadHeader));
}
