using System.Text.Json.Nodes;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;

namespace Basilisk.Node.Api.JsonRpc;

/// <summary>
/// Blocks, transactions and receipts in Ethereum's shapes (ethereum/execution-apis). What Basilisk does not have is Ethereum's
/// value for "none": no uncles, no logs, no receipts' tree.
/// </summary>
internal static class EthObjects
{
    /// <summary>keccak256(rlp([])): a block without uncles.</summary>
    private const string NoUncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

    /// <summary>Root of an empty Merkle-Patricia tree.</summary>
    private const string EmptyTree = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

    private const string ZeroHash = "0x0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string NoLogs = "0x" + new string('0', 512);

    /// <summary>A header: a block without its lists.</summary>
    public static JsonObject Header(BlockFact fact) => new()
    {
        ["hash"] = fact.Hash,
        ["parentHash"] = fact.ParentHash,
        ["sha3Uncles"] = NoUncles,
        ["miner"] = Lower(fact.Miner),
        ["stateRoot"] = fact.StateRoot,
        ["transactionsRoot"] = fact.TransactionsRoot,
        ["receiptsRoot"] = EmptyTree,
        ["logsBloom"] = NoLogs,
        ["difficulty"] = Quantity.OfDecimal(fact.Difficulty),
        ["totalDifficulty"] = Quantity.OfDecimal(fact.TotalWork),
        ["number"] = Quantity.Of(fact.Height),
        ["gasLimit"] = Quantity.Of(fact.GasLimit),
        ["gasUsed"] = Quantity.Of(fact.GasUsed),
        ["timestamp"] = Quantity.Of(fact.Time),
        ["extraData"] = fact.ExtraData,
        ["mixHash"] = ZeroHash,
        ["nonce"] = fact.Nonce,
        ["baseFeePerGas"] = Quantity.OfDecimal(fact.BaseFee),
        ["modelRoot"] = fact.ModelRoot,
        ["roundsRoot"] = fact.RoundsRoot,
    };

    /// <param name="document">The block.</param>
    /// <param name="transactions">Full transactions; null for hashes only.</param>
    public static JsonObject Block(BlockDocument document, IReadOnlyList<TransactionDocument>? transactions)
    {
        JsonObject block = Header(document.Fact);
        block["size"] = Quantity.Of(document.Fact.Size);
        block["uncles"] = new JsonArray();
        block["transactions"] = new JsonArray(transactions is null
            ? [.. document.Transactions.Select(hash => (JsonNode)hash)]
            : [.. transactions.Select(Mined)]);
        return block;
    }

    public static JsonObject Mined(TransactionDocument document)
    {
        Transaction transaction = Read(document.Fact.Raw);
        JsonObject result = Fields(transaction);
        result["gasPrice"] = Quantity.OfDecimal(document.Fact.EffectiveGasPrice);
        result["blockHash"] = document.BlockHash;
        result["blockNumber"] = Quantity.Of(document.Height);
        result["transactionIndex"] = Quantity.Of((long)document.Index);
        return result;
    }

    public static JsonObject Waiting(Transaction transaction)
    {
        JsonObject result = Fields(transaction);
        result["gasPrice"] = transaction.MaxFeePerGas.ToHex();
        result["blockHash"] = null;
        result["blockNumber"] = null;
        result["transactionIndex"] = null;
        return result;
    }

    /// <param name="document">A mined transaction.</param>
    /// <param name="cumulativeGas">Gas used in its block up to and with it.</param>
    public static JsonObject Receipt(TransactionDocument document, long cumulativeGas) => new()
    {
        ["transactionHash"] = document.Fact.Hash,
        ["transactionIndex"] = Quantity.Of((long)document.Index),
        ["blockHash"] = document.BlockHash,
        ["blockNumber"] = Quantity.Of(document.Height),
        ["from"] = Lower(document.Fact.From),
        ["to"] = Lower(document.Fact.To),
        ["contractAddress"] = null,
        ["cumulativeGasUsed"] = Quantity.Of(cumulativeGas),
        ["gasUsed"] = Quantity.Of(document.Fact.GasUsed),
        ["effectiveGasPrice"] = Quantity.OfDecimal(document.Fact.EffectiveGasPrice),
        ["logs"] = new JsonArray(),
        ["logsBloom"] = NoLogs,
        ["status"] = "0x1",
        ["type"] = Quantity.Of((long)document.Fact.Type),
    };

    private static JsonObject Fields(Transaction transaction)
    {
        var result = new JsonObject
        {
            ["hash"] = transaction.Hash.ToString(),
            ["type"] = Quantity.Of((long)transaction.Type),
            ["nonce"] = Quantity.Of(transaction.Nonce),
            ["from"] = Lower(transaction.Sender.ToString()),
            ["to"] = Lower(transaction.To.ToString()),
            ["value"] = transaction.Value.ToHex(),
            ["gas"] = Quantity.Of(transaction.GasLimit),
            ["input"] = Quantity.Bytes(transaction.Data.Span),
            ["v"] = transaction.V.ToHex(),
            ["r"] = transaction.Signature.R.ToHex(),
            ["s"] = transaction.Signature.S.ToHex(),
        };
        if (transaction.ChainId is { } chainId)
        {
            result["chainId"] = Quantity.Of(chainId);
        }

        if (transaction.Type == TransactionType.DynamicFee)
        {
            result["yParity"] = Quantity.Of((long)transaction.Signature.RecoveryId);
            result["maxFeePerGas"] = transaction.MaxFeePerGas.ToHex();
            result["maxPriorityFeePerGas"] = transaction.MaxPriorityFeePerGas.ToHex();
            result["accessList"] = new JsonArray([.. transaction.AccessList.Select(entry => (JsonNode)new JsonObject
            {
                ["address"] = Lower(entry.Address.ToString()),
                ["storageKeys"] = new JsonArray([.. entry.StorageKeys.Select(key => (JsonNode)key.ToString())]),
            })]);
        }

        return result;
    }

    private static Transaction Read(string raw) => Transaction.Decode(Convert.FromHexString(raw.AsSpan(2))).Value;

    private static string Lower(string address) => address.ToLowerInvariant();
}
