using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Chain.Primitives;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli.Wallets;

/// <summary>The few calls of Ethereum's JSON-RPC (execution-apis) that a transfer needs.</summary>
internal sealed class EthereumClient(Uri node) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = node, Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 1 << 20 };
    private int _id;

    public async Task<ulong> ChainIdAsync(CancellationToken cancellation) => Word("eth_chainId", await CallAsync("eth_chainId", [], cancellation));

    public async Task<ulong> NextNonceAsync(Address account, CancellationToken cancellation) =>
        Word("eth_getTransactionCount", await CallAsync("eth_getTransactionCount", [account.ToString(), "pending"], cancellation));

    public async Task<UInt256> BalanceAsync(Address account, CancellationToken cancellation) =>
        Quantity("eth_getBalance", await CallAsync("eth_getBalance", [account.ToString(), "latest"], cancellation));

    /// <summary>Wei per gas of the latest block.</summary>
    public async Task<UInt256> BaseFeeAsync(CancellationToken cancellation)
    {
        JsonNode? block = await CallAsync("eth_getBlockByNumber", ["latest", false], cancellation);
        return Quantity("eth_getBlockByNumber", (block as JsonObject)?["baseFeePerGas"]);
    }

    /// <returns>The transaction's hash.</returns>
    public async Task<string> SendAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellation) =>
        Text("eth_sendRawTransaction", await CallAsync("eth_sendRawTransaction", ["0x" + Convert.ToHexStringLower(transaction.Span)], cancellation));

    /// <summary>Number of the block that holds the transaction and whether it succeeded; null while in none.</summary>
    public async Task<(ulong Block, bool Succeeded)?> ReceiptAsync(string hash, CancellationToken cancellation)
    {
        JsonNode? receipt = await CallAsync("eth_getTransactionReceipt", [hash], cancellation);
        return receipt is JsonObject found
            ? (Word("eth_getTransactionReceipt", found["blockNumber"]), !Quantity("eth_getTransactionReceipt", found["status"]).IsZero)
            : null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> CallAsync(string method, JsonArray parameters, CancellationToken cancellation)
    {
        try
        {
            var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_id, ["method"] = method, ["params"] = parameters };
            using HttpResponseMessage response = await _http.PostAsJsonAsync("", request, cancellation);
            JsonObject answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellation)
                ?? throw new NodeUnreachableException(node.ToString(), "its answer is empty.");
            return answer["error"] is JsonObject error
                ? throw new NodeRefusedException(method, Message(error))
                : answer["result"];
        }
        catch (HttpRequestException error)
        {
            throw new NodeUnreachableException(node.ToString(), error.Message.TrimEnd('.') + ".");
        }
        catch (JsonException)
        {
            throw new NodeUnreachableException(node.ToString(), "what answers there does not speak Ethereum's JSON-RPC.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NodeUnreachableException(node.ToString(), $"nothing came within {_http.Timeout.TotalSeconds:0} s.");
        }
    }

    private static string Message(JsonObject error) => error["message"] is JsonValue message && message.TryGetValue(out string? text) ? text : error.ToJsonString();

    private string Text(string method, JsonNode? result) =>
        result is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw new NodeUnreachableException(node.ToString(), $"it answers {method} with no text.");

    private UInt256 Quantity(string method, JsonNode? result) =>
        UInt256.TryParseHex(Text(method, result), out UInt256 value)
            ? value
            : throw new NodeUnreachableException(node.ToString(), $"it answers {method} with no quantity.");

    private ulong Word(string method, JsonNode? result) =>
        Quantity(method, result).TryToUInt64(out ulong value)
            ? value
            : throw new NodeUnreachableException(node.ToString(), $"it answers {method} with a number above 2^64.");
}
