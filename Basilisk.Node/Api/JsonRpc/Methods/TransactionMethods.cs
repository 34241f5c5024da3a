using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>Transactions: sending, reading, receipts.</summary>
internal sealed class TransactionMethods(ChainstateService chainstate, TransactionPool pool, ProjectedChain projected, ChainMethods chain) : IRpcMethods
{
    public IEnumerable<(string Name, RpcMethod Method)> Methods =>
    [
        ("eth_sendRawTransaction", (parameters, _) => Task.FromResult(Send(parameters))),
        ("eth_getTransactionByHash", ByHashAsync),
        ("eth_getTransactionReceipt", ReceiptAsync),
        ("eth_getTransactionByBlockNumberAndIndex", ByNumberAndIndexAsync),
        ("eth_getTransactionByBlockHashAndIndex", ByBlockHashAndIndexAsync),
        ("eth_getBlockReceipts", BlockReceiptsAsync),
        ("eth_getRawTransactionByHash", RawAsync),
        ("eth_getLogs", (parameters, _) => Task.FromResult(Logs(parameters))),
    ];

    private RpcResult Send(RpcParams parameters)
    {
        byte[] raw = parameters.Bytes(0, "signed transaction");
        if (parameters.Error is { } error)
        {
            return error;
        }

        if (!Transaction.Decode(raw).TryGet(out Transaction? transaction, out Refusal? refusal))
        {
            return RefusalTexts.Of(refusal);
        }

        return pool.Add(chainstate.Current, transaction) is { } refused ? RefusalTexts.Of(refused) : transaction.Hash.ToString();
    }

    private async Task<RpcResult> ByHashAsync(RpcParams parameters, CancellationToken cancellation)
    {
        Hash256 hash = parameters.Hash(0, "transaction hash");
        if (parameters.Error is { } error)
        {
            return error;
        }

        // Waiting first: between the two looks it can only move into a block.
        if (pool.TryFind(hash, out PooledTransaction? pooled))
        {
            return EthObjects.Waiting(pooled.Transaction);
        }

        return await projected.TransactionAsync(hash.ToString(), cancellation) is { } mined ? EthObjects.Mined(mined) : (JsonNode?)null;
    }

    private async Task<RpcResult> RawAsync(RpcParams parameters, CancellationToken cancellation)
    {
        Hash256 hash = parameters.Hash(0, "transaction hash");
        if (parameters.Error is { } error)
        {
            return error;
        }

        return pool.TryFind(hash, out PooledTransaction? pooled) ? Quantity.Bytes(pooled.Transaction.Encoded)
            : await projected.TransactionAsync(hash.ToString(), cancellation) is { } mined ? mined.Fact.Raw
            : (JsonNode?)null;
    }

    private async Task<RpcResult> ReceiptAsync(RpcParams parameters, CancellationToken cancellation)
    {
        Hash256 hash = parameters.Hash(0, "transaction hash");
        if (parameters.Error is { } error)
        {
            return error;
        }

        if (await projected.TransactionAsync(hash.ToString(), cancellation) is not { } transaction
            || await projected.BlockAsync(transaction.BlockHash, cancellation) is not { } block)
        {
            return (JsonNode?)null;
        }

        long gas = (await projected.TransactionsOfAsync(block, cancellation)).Take(transaction.Index + 1).Sum(each => each.Fact.GasUsed);
        return EthObjects.Receipt(transaction, gas);
    }

    private async Task<RpcResult> BlockReceiptsAsync(RpcParams parameters, CancellationToken cancellation)
    {
        BlockDocument? block = await BlockAsync(parameters, cancellation);
        if (parameters.Error is { } error)
        {
            return error;
        }

        if (block is null)
        {
            return (JsonNode?)null;
        }

        var receipts = new JsonArray();
        long gas = 0;
        foreach (TransactionDocument transaction in await projected.TransactionsOfAsync(block, cancellation))
        {
            gas += transaction.Fact.GasUsed;
            receipts.Add(EthObjects.Receipt(transaction, gas));
        }

        return receipts;
    }

    // A block hash or a tag, told apart by length.
    private async Task<BlockDocument?> BlockAsync(RpcParams parameters, CancellationToken cancellation)
    {
        if (parameters.At(0) is { ValueKind: JsonValueKind.String } element && element.GetString()!.Length == 66)
        {
            Hash256 hash = parameters.Hash(0, "block");
            return parameters.Error is null ? await projected.BlockAsync(hash.ToString(), cancellation) : null;
        }

        BlockTag tag = parameters.Block(0);
        return parameters.Error is null ? await chain.FindAsync(tag, cancellation) : null;
    }

    private async Task<RpcResult> ByNumberAndIndexAsync(RpcParams parameters, CancellationToken cancellation)
    {
        BlockTag tag = parameters.Block(0);
        ulong index = parameters.Number(1, "index");
        return parameters.Error ?? await AtAsync(await chain.FindAsync(tag, cancellation), index, cancellation);
    }

    private async Task<RpcResult> ByBlockHashAndIndexAsync(RpcParams parameters, CancellationToken cancellation)
    {
        Hash256 hash = parameters.Hash(0, "block hash");
        ulong index = parameters.Number(1, "index");
        return parameters.Error ?? await AtAsync(await projected.BlockAsync(hash.ToString(), cancellation), index, cancellation);
    }

    private async Task<RpcResult> AtAsync(BlockDocument? block, ulong index, CancellationToken cancellation)
    {
        if (block is null || index >= (ulong)block.Transactions.Count)
        {
            return (JsonNode?)null;
        }

        return await projected.TransactionAsync(block.Transactions[(int)index], cancellation) is { } found ? EthObjects.Mined(found) : (JsonNode?)null;
    }

    // There are no contracts, so there is nothing to log.
    private static RpcResult Logs(RpcParams parameters)
    {
        parameters.Object(0, "filter");
        return parameters.Error is { } error ? error : new JsonArray();
    }
}
