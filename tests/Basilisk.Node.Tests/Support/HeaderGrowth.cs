using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;
using Basilisk.Node.Mining;

namespace Basilisk.Node.Tests.Support;

/// <summary>Headers with their work on top of a chain's end, without bodies: enough for what looks at headers alone.</summary>
internal static class HeaderGrowth
{
    /// <param name="end">End of a chain.</param>
    /// <param name="parameters">The network's.</param>
    /// <param name="count">How many.</param>
    /// <param name="extra">Makes chains differ.</param>
    public static BlockHeader[] Grow(this ChainHead end, NetworkParameters parameters, int count, string extra)
    {
        var headers = new BlockHeader[count];
        for (int i = 0; i < count; i++)
        {
            headers[i] = (end.Header with
            {
                ParentHash = end.Hash,
                Height = end.Height + 1,
                Time = end.Header.Time + parameters.Difficulty.BlockInterval,
                Target = end.NextTarget(parameters),
                Miner = TestNode.KeyOf(9).Address,
                ExtraData = new ExtraData(System.Text.Encoding.UTF8.GetBytes(extra)),
            }).Worked();
            end = end.Extend(headers[i], parameters.Difficulty);
        }

        return headers;
    }

    /// <summary>The same header with a nonce that is its work.</summary>
    public static BlockHeader Worked(this BlockHeader header) => header with
    {
        Nonce = new HeaderSearch(header.PrefixForMining()).Search(0, 1 << 24, header.Target.ToTarget())!.Value,
    };
}
