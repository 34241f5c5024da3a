using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Transactions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>A transfer through the real program, against a node that answers as Ethereum's execution-apis say and records what it got.</summary>
public sealed class WalletSendTests(PublishedAccountFixture account) : IClassFixture<PublishedAccountFixture>, IAsyncLifetime
{
    private const string Sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string Receiver = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    private readonly List<(string Method, JsonArray Parameters)> _calls = [];
    private readonly Dictionary<string, Func<JsonNode?>> _answers = new()
    {
        ["eth_chainId"] = () => "0x343b",
        ["eth_getTransactionCount"] = () => "0x5",
        ["eth_getBalance"] = () => "0x8ac7230489e80000", // 10 BSK
        ["eth_getBlockByNumber"] = () => new JsonObject { ["baseFeePerGas"] = "0x77359400" }, // 2 gwei
        ["eth_sendRawTransaction"] = () => "0x" + new string('a', 64),
        ["eth_getTransactionReceipt"] = () => new JsonObject { ["blockNumber"] = "0x2a", ["status"] = "0x1" },
    };

    private WebApplication? _node;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _node = builder.Build();
        _node.MapPost("/", AnswerAsync);
        await _node.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _node!.DisposeAsync();

    [Fact]
    public async Task A_transfer_is_signed_for_the_nodes_chain_and_awaited()
    {
        ProgramResult result = await SendAsync("--amount", "1.5", "--tip", "1.5", "--memo", "for the boat");
        Assert.True(result.ExitCode == 0, result.Errors);
        Transaction sent = Sent();
        Assert.Equal(TransactionType.DynamicFee, sent.Type);
        Assert.Equal(13371UL, sent.ChainId);
        Assert.Equal(5UL, sent.Nonce);
        Assert.Equal(Sender, sent.Sender.ToString());
        Assert.Equal(Receiver, sent.To.ToString());
        Assert.Equal(UInt256.Parse("1500000000000000000"), sent.Value);
        Assert.Equal((UInt256)1_500_000_000UL, sent.MaxPriorityFeePerGas);
        Assert.Equal((UInt256)5_500_000_000UL, sent.MaxFeePerGas); // twice the base fee, plus the tip
        Assert.Equal("for the boat"u8.ToArray(), sent.Data.ToArray());
        Assert.Equal(sent.IntrinsicGas, sent.GasLimit);
        Assert.Equal(["sent", "confirmed"], result.Lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal(42, result.Lines[1].GetProperty("block").GetInt64());
        Assert.Equal("pending", _calls.First(call => call.Method == "eth_getTransactionCount").Parameters[1]!.GetValue<string>());
    }

    [Fact]
    public async Task Amount_fee_and_what_is_left_are_shown_before_sending()
    {
        ProgramResult result = await BasiliskProgram.RunAsync(
            ["wallet", "send", "--keystore", account.Keystore, "--node", Url, "--to", Receiver, "--amount", "4", "--fee", "10", "--no-wait"], PublishedAccountFixture.Password);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("amount   4 BSK", result.Errors, StringComparison.Ordinal);
        Assert.Contains("fee      at most 0.00021 BSK", result.Errors, StringComparison.Ordinal);
        Assert.Contains("after    at least 5.99979 BSK", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(_calls, call => call.Method == "eth_getTransactionReceipt");
    }

    [Fact]
    public async Task More_than_the_balance_is_not_sent()
    {
        (await SendAsync("--amount", "10")).AssertRefused(1, "insufficient-balance", "has 10 BSK");
        Assert.DoesNotContain(_calls, call => call.Method == "eth_sendRawTransaction");
    }

    [Fact]
    public async Task What_the_node_refuses_is_told()
    {
        _answers["eth_sendRawTransaction"] = () => throw new InvalidOperationException("txpool is full");
        (await SendAsync("--amount", "1")).AssertRefused(1, "node-refused", "txpool is full");
    }

    [Fact]
    public async Task A_nonce_that_the_accounts_node_used_meanwhile_is_taken_anew()
    {
        ulong nonce = 5;
        _answers["eth_getTransactionCount"] = () => "0x" + nonce.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        _answers["eth_sendRawTransaction"] = () => nonce++ < 7 ? throw new InvalidOperationException("nonce too low") : "0x" + new string('a', 64);
        ProgramResult result = await SendAsync("--amount", "1");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal([5UL, 6UL, 7UL], _calls.Where(call => call.Method == "eth_sendRawTransaction").Select(call => Decode(call.Parameters).Nonce));
    }

    [Fact]
    public async Task A_receipt_that_does_not_come_ends_the_wait()
    {
        _answers["eth_getTransactionReceipt"] = () => null;
        (await SendAsync("--amount", "1", "--timeout", "1s")).AssertRefused(1, "receipt-missing", "--timeout");
    }

    [Theory]
    [InlineData("--amount", "much", "must be BSK such as 1.5")]
    [InlineData("--amount", "0.1234567890123456789", "at most 18 decimals")]
    [InlineData("--tip", "-1", "must be gwei per gas")]
    [InlineData("--fee", "1.0000000001", "at most 9 decimals")]
    [InlineData("--to", "0x70997970c51812dc3A010C7d01b50e0d17dc79C8", "EIP-55")]
    [InlineData("--from", "nobody", "is no address")]
    public async Task Words_that_cannot_be_sent_are_refused_before_any_question(string option, string value, string hint)
    {
        List<string> arguments = ["--to", Receiver, "--amount", "1"];
        if (arguments.IndexOf(option) is >= 0 and var at)
        {
            arguments[at + 1] = value;
        }
        else
        {
            arguments.AddRange([option, value]);
        }

        ProgramResult result = await BasiliskProgram.RunAsync(["wallet", "send", "--keystore", account.Keystore, "--node", Url, "--json", .. arguments], PublishedAccountFixture.Password);
        result.AssertRefused(2, "usage", hint);
        Assert.Empty(_calls);
    }

    private string Url => _node!.Urls.First();

    private Task<ProgramResult> SendAsync(params string[] more) =>
        BasiliskProgram.RunAsync(["wallet", "send", "--keystore", account.Keystore, "--node", Url, "--to", Receiver, "--json", .. more], PublishedAccountFixture.Password);

    private Transaction Sent()
    {
        return Decode(Assert.Single(_calls, call => call.Method == "eth_sendRawTransaction").Parameters);
    }

    private static Transaction Decode(JsonArray parameters) => Transaction.Decode(Convert.FromHexString(parameters[0]!.GetValue<string>()[2..])).Value;

    private async Task AnswerAsync(HttpContext context)
    {
        JsonNode request = (await JsonNode.ParseAsync(context.Request.Body))!;
        string method = request["method"]!.GetValue<string>();
        lock (_calls)
        {
            _calls.Add((method, request["params"]!.AsArray()));
        }

        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone() };
        try
        {
            answer["result"] = _answers[method]();
        }
        catch (InvalidOperationException refusal)
        {
            answer["error"] = new JsonObject { ["code"] = -32000, ["message"] = refusal.Message };
        }

        await context.Response.WriteAsJsonAsync(answer, JsonSerializerOptions.Web);
    }
}

/// <summary>A keystore with the first account of the phrase that Hardhat and Foundry publish, made once for the class.</summary>
public sealed class PublishedAccountFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal static Dictionary<string, string> Password { get; } = new() { ["BASILISK_PASSWORD"] = "correct horse 4711" };

    public string Keystore => _folder["keys"];

    public async ValueTask InitializeAsync()
    {
        const string Phrase = "test test test test test test test test test test test junk";
        ProgramResult imported = await BasiliskProgram.RunAsync(["wallet", "import", "--keystore", Keystore], Password, Phrase);
        Assert.True(imported.ExitCode == 0, imported.Errors);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
