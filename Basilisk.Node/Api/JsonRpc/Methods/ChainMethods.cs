using System.Globalization;
using System.Text.Json.Nodes;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>Blocks.</summary>
internal sealed class ChainMethods(ChainstateService chainstate, ProjectedChain projected) : IRpcMethods
{
    public IEnumerable<(string Name, RpcMethod Method)> Methods =>
    [
        ("eth_chainId", (_, _) => Task.FromResult<RpcResult>(Quantity.Of(chainstate.Parameters.ChainId))),
        ("eth_blockNumber", (_, _) => Task.FromResult<RpcResult>(Quantity.Of(chainstate.Current.Height))),
        ("eth_getBlockByNumber", ByNumberAsync),
        ("eth_getBlockByHash", ByHashAsync),
        ("eth_getBlockTransactionCountByNumber", CountByNumberAsync),
        ("eth_getBlockTransactionCountByHash", CountByHashAsync),
        ("eth_getUncleCountByBlockNumber", (_, _) => Task.FromResult<RpcResult>("0x0")),
        ("eth_getUncleCountByBlockHash", (_, _) => Task.FromResult<RpcResult>("0x0")),
        ("eth_getUncleByBlockNumberAndIndex", (_, _) => Task.FromResult<RpcResult>((JsonNode?)null)),
        ("eth_getUncleByBlockHashAndIndex", (_, _) => Task.FromResult<RpcResult>((JsonNode?)null)),
    ];

    /// <summary>The block a tag means; pending is answered with the tip, since a block that is not mined has no hash.</summary>
    public Task<BlockDocument?> FindAsync(BlockTag tag, CancellationToken cancellation) =>
        projected.BlockAsync(HeightOf(tag).ToString(CultureInfo.InvariantCulture), cancellation);

    private long HeightOf(BlockTag tag)
    {
        ChainView view = chainstate.Current;
        return tag switch
        {
            { Height: { } height } => height,
            { IsFinal: true } => FinalHeight(view),
            _ => view.Height,
        };
    }

    // Blocks of rounds that lie finality rounds behind the last ended one stay.
    private static long FinalHeight(ChainView view)
    {
        ulong finality = view.State.Parameters.FinalityRounds;
        return view.Round > finality ? (long)view.State.Parameters.Rounds.LastHeightOf(view.Round - finality - 1) : 0;
    }

    private async Task<RpcResult> ByNumberAsync(RpcParams parameters, CancellationToken cancellation)
    {
        BlockTag tag = parameters.Block(0);
        bool full = parameters.Flag(1, "full transactions");
        return parameters.Error ?? await BlockAsync(await FindAsync(tag, cancellation), full, cancellation);
    }

    private async Task<RpcResult> ByHashAsync(RpcParams parameters, CancellationToken cancellation)
    {
        Hash256 hash = parameters.Hash(0, "block hash");
        bool full = parameters.Flag(1, "full transactions");
        return parameters.Error ?? await BlockAsync(await projected.BlockAsync(hash.ToString(), cancellation), full, cancellation);
    }

    private async Task<RpcResult> BlockAsync(BlockDocument? block, bool full, CancellationToken cancellation) =>
        block is null ? (JsonNode?)null : EthObjects.Block(block, full ? await projected.TransactionsOfAsync(block, cancellation) : null);

    private async Task<RpcResult> CountByNumberAsync(RpcParams parameters, CancellationToken cancellation)
    {
        BlockTag tag = parameters.Block(0);
        return parameters.Error ?? Count(await FindAsync(tag, cancellation));
    }

    private async Task<RpcResult> CountByHashAsync(RpcParams parameters, CancellationToken cancellation)
    {
        Hash256 hash = parameters.Hash(0, "block hash");
        return parameters.Error ?? Count(await projected.BlockAsync(hash.ToString(), cancellation));
    }

    private static RpcResult Count(BlockDocument? block) => block is null ? (JsonNode?)null : Quantity.Of((long)block.Transactions.Count);
}
