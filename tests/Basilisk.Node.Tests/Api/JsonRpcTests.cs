using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>JSON-RPC by hand: what clients may send, and what they must get.</summary>
[Collection(RunningNodeTests.Name)]
public sealed class JsonRpcTests(RunningNode node)
{
    private const string Nobody = "0x00000000000000000000000000000000000000aa";

    [Theory]
    [InlineData("{", -32700, "json-malformed")]
    [InlineData("", -32700, "json-malformed")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"eth_chainId"}""", -32700, "json-malformed")]
    [InlineData("[]", -32600, "invalid-request")]
    [InlineData("7", -32600, "invalid-request")]
    [InlineData("""{"id":1,"method":"eth_chainId"}""", -32600, "invalid-request")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", -32600, "invalid-request")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}""", -32600, "invalid-request")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{"a":1}}""", -32602, "bad-parameter")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_fillTransaction","params":[]}""", -32601, "method-not-found")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[]}""", -32602, "bad-parameter")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]}""", -32602, "bad-parameter")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x01",false]}""", -32602, "bad-parameter")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["newest",false]}""", -32602, "bad-parameter")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x0"]}""", -32602, "bad-parameter")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x"]}""", -32003, "transaction-empty")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x01"]}""", -32003, "transaction-type-unsupported")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"eth_estimateGas","params":[{"data":"0x00"}]}""", -32000, "contract-creation-unsupported")]
    public async Task A_wrong_call_is_refused_with_its_code_and_token(string body, int code, string token)
    {
        JsonElement error = (await node.PostAsync("/", body)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetInt32());
        Assert.Equal(token, error.GetProperty("data").GetProperty("token").GetString());
    }

    [Fact]
    public async Task A_batch_answers_each_call_and_no_notification()
    {
        JsonElement answers = await node.PostAsync("/", """
            [{"jsonrpc":"2.0","id":"a","method":"eth_chainId"},
             {"jsonrpc":"2.0","method":"eth_blockNumber"},
             {"jsonrpc":"2.0","id":2,"method":"eth_nothing"},
             5,
             {"jsonrpc":"2.0","id":null,"method":"net_version","params":null}]
            """);
        Assert.Equal(4, answers.GetArrayLength());
        Assert.Equal("a", answers[0].GetProperty("id").GetString());
        Assert.Equal("0x" + node.Chain.Parameters.ChainId.ToString("x", CultureInfo.InvariantCulture), answers[0].GetProperty("result").GetString());
        Assert.Equal(-32601, answers[1].GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(-32600, answers[2].GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(JsonValueKind.Null, answers[2].GetProperty("id").ValueKind);
        Assert.Equal(node.Chain.Parameters.ChainId.ToString(CultureInfo.InvariantCulture), answers[3].GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_batch_of_more_than_a_hundred_calls_is_refused_as_one()
    {
        string call = """{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}""";
        JsonElement full = await node.PostAsync("/", "[" + string.Join(',', Enumerable.Repeat(call, 100)) + "]");
        Assert.Equal(100, full.GetArrayLength());
        JsonElement refused = await node.PostAsync("/", "[" + string.Join(',', Enumerable.Repeat(call, 101)) + "]");
        Assert.Equal("batch-too-large", refused.GetProperty("error").GetProperty("data").GetProperty("token").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/chat/completions")]
    public async Task A_body_above_the_limit_is_refused_before_it_is_read(string path)
    {
        using var content = new ByteArrayContent(new byte[(64 * 1024) + 1]);
        using HttpResponseMessage response = await node.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose, "the rest of the body is not read: nothing can follow on this connection");
        Assert.Contains("body-too-large", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_another_origin_may_call()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/");
        preflight.Headers.Add("Origin", "https://example.org");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");
        using HttpResponseMessage response = await node.Http.SendAsync(preflight, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("content-type", string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Blocks_are_found_by_height_and_hash_with_every_field_clients_need()
    {
        await node.UntilAsync(view => view.Height >= 3, "height 3");
        JsonElement block = await node.RpcAsync("eth_getBlockByNumber", "0x2", true);
        string[] fields =
        [
            "hash", "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "number", "gasLimit", "gasUsed",
            "timestamp", "extraData", "mixHash", "nonce", "difficulty", "size", "transactions", "uncles", "baseFeePerGas",
        ];
        Assert.All(fields, field => Assert.True(block.TryGetProperty(field, out _), field));
        Assert.Equal("0x2", block.GetProperty("number").GetString());
        Assert.Equal(514, block.GetProperty("logsBloom").GetString()!.Length);
        Assert.Equal(18, block.GetProperty("nonce").GetString()!.Length);
        Assert.NotEqual("0x0", block.GetProperty("baseFeePerGas").GetString());
        JsonElement same = await node.RpcAsync("eth_getBlockByHash", block.GetProperty("hash").GetString(), false);
        Assert.Equal(block.GetProperty("stateRoot").GetString(), same.GetProperty("stateRoot").GetString());
        JsonElement parent = await node.RpcAsync("eth_getBlockByNumber", "0x1", false);
        Assert.Equal(parent.GetProperty("hash").GetString(), block.GetProperty("parentHash").GetString());
        Assert.Equal(JsonValueKind.Null, (await node.RpcAsync("eth_getBlockByNumber", "0xffffff", false)).ValueKind);
        Assert.Equal("0x0", (await node.RpcAsync("eth_getBlockByNumber", "earliest")).GetProperty("number").GetString());
    }

    [Fact]
    public async Task Small_answers_have_ethereums_forms()
    {
        Assert.Equal("0x", (await node.RpcAsync("eth_getCode", Nobody, "latest")).GetString());
        Assert.Equal("0x", (await node.RpcAsync("eth_call", new { to = Nobody, data = "0x70a08231" }, "latest")).GetString());
        Assert.Equal("0x0", (await node.RpcAsync("eth_getBalance", "0x00000000000000000000000000000000000000bb", "latest")).GetString());
        Assert.Equal("0x5208", (await node.RpcAsync("eth_estimateGas", new { to = Nobody, value = "0x0" })).GetString());
        Assert.Equal("0x521c", (await node.RpcAsync("eth_estimateGas", new { to = Nobody, data = "0x0001" })).GetString());
        Assert.Equal(0, (await node.RpcAsync("eth_getLogs", new { fromBlock = "0x0" })).GetArrayLength());
        Assert.Equal(0, (await node.RpcAsync("eth_accounts")).GetArrayLength());
        Assert.False((await node.RpcAsync("eth_syncing")).GetBoolean());
        Assert.StartsWith("Basilisk/v", (await node.RpcAsync("web3_clientVersion")).GetString(), StringComparison.Ordinal);
        Assert.Equal("0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad", (await node.RpcAsync("web3_sha3", "0x68656c6c6f20776f726c64")).GetString());
        Assert.Equal("insufficient funds", (await node.RpcErrorAsync("eth_estimateGas", new { from = Nobody, to = Nobody, value = "0xffffff" })).GetProperty("message").GetString()![..18]);
    }

    [Fact]
    public async Task Balances_are_answered_at_recent_heights_and_refused_at_old_ones()
    {
        await node.UntilAsync(view => view.Height > 140, "height 141");
        long height = node.Chain.Current.Height;
        string recent = "0x" + (height - 5).ToString("x", CultureInfo.InvariantCulture);
        Assert.StartsWith("0x", (await node.RpcAsync("eth_getBalance", node.Key.Address.ToString(), recent)).GetString(), StringComparison.Ordinal);
        Assert.StartsWith("0x", (await node.RpcAsync("eth_getTransactionCount", node.Key.Address.ToString(), recent)).GetString(), StringComparison.Ordinal);
        JsonElement old = await node.RpcErrorAsync("eth_getBalance", Nobody, "0x1");
        Assert.Equal(-32000, old.GetProperty("code").GetInt32());
        Assert.Equal("historical-state-unavailable", old.GetProperty("data").GetProperty("token").GetString());
        Assert.Equal("block-not-found", (await node.RpcErrorAsync("eth_getBalance", Nobody, "0xffffff")).GetProperty("data").GetProperty("token").GetString());
    }

    [Fact]
    public async Task A_transfer_is_pending_then_mined_and_its_mistakes_have_ethereums_words()
    {
        string secret = await node.NewFundedAccountAsync();
        using PrivateKey key = PrivateKey.FromBytes(Convert.FromHexString(secret[2..]));
        ulong chain = node.Chain.Parameters.ChainId;
        Address to = Address.Parse(Nobody);
        string Raw(ulong nonce, ulong gwei, UInt256 value, ulong gas = 21_000) => "0x" + Convert.ToHexStringLower(
            UnsignedTransaction.Legacy(chain, nonce, new UInt256(Bsk.Gwei) * gwei, gas, to, value).Sign(key).Encoded);

        // A gap keeps it waiting, so that a second can meet it.
        string waiting = Raw(1, 100, UInt256.One);
        string hash = (await node.RpcAsync("eth_sendRawTransaction", waiting)).GetString()!;
        Assert.Equal(JsonValueKind.Null, (await node.RpcAsync("eth_getTransactionByHash", hash)).GetProperty("blockHash").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await node.RpcAsync("eth_getTransactionReceipt", hash)).ValueKind);
        await RefusedAsync(waiting, "already known", "already-known");
        await RefusedAsync(Raw(1, 101, UInt256.One), "replacement transaction underpriced", "replacement-underpriced");
        await RefusedAsync(Raw(0, 100, new UInt256(Bsk.Coin) * 500), "insufficient funds", "balance-too-low");
        await RefusedAsync(Raw(5000, 100, UInt256.One), "nonce too high", "nonce-gap-too-wide");
        string otherChain = "0x" + Convert.ToHexStringLower(UnsignedTransaction.Legacy(chain + 1, 0, Bsk.Gwei, 21_000, to, UInt256.One).Sign(key).Encoded);
        await RefusedAsync(otherChain, "invalid chain id", "chain-id-mismatch");

        string first = (await node.RpcAsync("eth_sendRawTransaction", Raw(0, 100, UInt256.One))).GetString()!;
        await node.UntilAsync(view => view.State.Account(key.Address).Nonce == 2, "both transfers are mined");
        JsonElement receipt = await node.RpcAsync("eth_getTransactionReceipt", first);
        Assert.Equal("0x1", receipt.GetProperty("status").GetString());
        Assert.Equal("0x5208", receipt.GetProperty("gasUsed").GetString());
        JsonElement block = await node.RpcAsync("eth_getBlockByHash", receipt.GetProperty("blockHash").GetString(), true);
        Assert.Contains(block.GetProperty("transactions").EnumerateArray(), each => each.GetProperty("hash").GetString() == first);
        JsonElement receipts = await node.RpcAsync("eth_getBlockReceipts", receipt.GetProperty("blockHash").GetString());
        Assert.Equal(block.GetProperty("gasUsed").GetString(), receipts.EnumerateArray().Last().GetProperty("cumulativeGasUsed").GetString());
        await RefusedAsync(Raw(0, 200, UInt256.One), "nonce too low", "nonce-too-low");
    }

    [Fact]
    public async Task A_refused_call_is_no_error_of_the_node()
    {
        int before = node.Host.ErrorCount;
        await node.PostAsync("/", "{");
        using HttpResponseMessage wrong = await node.Http.GetAsync("/api/blocks?limit=100000", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(before, node.Host.ErrorCount);
    }

    [Fact]
    public async Task A_socket_answers_calls_and_follows_heads_until_unsubscribed()
    {
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        await socket.ConnectAsync(new Uri(node.SocketUrl + "/ws"), TestContext.Current.CancellationToken);
        await SendAsync(socket, """{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}""");
        string id = (await ReceiveAsync(socket)).GetProperty("result").GetString()!;
        var numbers = new List<long>();
        while (numbers.Count < 4)
        {
            JsonElement parameters = (await ReceiveAsync(socket)).GetProperty("params");
            Assert.Equal(id, parameters.GetProperty("subscription").GetString());
            numbers.Add(Convert.ToInt64(parameters.GetProperty("result").GetProperty("number").GetString(), 16));
        }

        Assert.Equal(Enumerable.Range(0, 4).Select(i => numbers[0] + i), numbers);
        await SendAsync(socket, $$"""{"jsonrpc":"2.0","id":2,"method":"eth_unsubscribe","params":["{{id}}"]}""");
        JsonElement answer = await ReceiveAsync(socket);
        while (!answer.TryGetProperty("id", out _))
        {
            answer = await ReceiveAsync(socket);
        }

        Assert.True(answer.GetProperty("result").GetBoolean());
        await SendAsync(socket, """{"jsonrpc":"2.0","id":3,"method":"eth_subscribe","params":["weather"]}""");
        do
        {
            answer = await ReceiveAsync(socket);
        }
        while (!answer.TryGetProperty("id", out _));
        Assert.Equal("subscription-unknown", answer.GetProperty("error").GetProperty("data").GetProperty("token").GetString());
    }

    private async Task RefusedAsync(string raw, string words, string token)
    {
        JsonElement error = await node.RpcErrorAsync("eth_sendRawTransaction", raw);
        Assert.StartsWith(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(token, error.GetProperty("data").GetProperty("token").GetString());
        Assert.Equal(-32003, error.GetProperty("code").GetInt32());
    }

    private static Task SendAsync(System.Net.WebSockets.ClientWebSocket socket, string text) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text), System.Net.WebSockets.WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<JsonElement> ReceiveAsync(System.Net.WebSockets.ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        int length = 0;
        System.Net.WebSockets.ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
            length += part.Count;
        }
        while (!part.EndOfMessage);
        return JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement;
    }
}
