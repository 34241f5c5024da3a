using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>ethers and viem, unmodified, against a whole node.</summary>
[Collection(RunningNodeTests.Name)]
public sealed class StockEthereumClientTests(RunningNode node)
{
    private const string HalfBsk = "500000000000000000";

    [Theory]
    [InlineData("")]
    [InlineData("/ws")]
    public async Task Ethers_moves_coins_with_both_types_of_transaction(string path)
    {
        JsonElement result = await RunAsync("ethers-round-trip.mjs", "ethers", path);
        Assert.Equal(HalfBsk, result.GetProperty("received").GetString());
        Assert.Equal([0, 2], result.GetProperty("receipts").EnumerateArray().Select(receipt => receipt.GetProperty("type").GetInt32()));
        Assert.All(result.GetProperty("receipts").EnumerateArray(), receipt =>
        {
            Assert.Equal(1, receipt.GetProperty("status").GetInt32());
            Assert.Equal(21000, receipt.GetProperty("gasUsed").GetInt32());
            Assert.True(receipt.GetProperty("sameBlock").GetBoolean());
        });
        Assert.Equal("NONCE_EXPIRED", result.GetProperty("errors").GetProperty("low").GetString());
        Assert.Equal("INSUFFICIENT_FUNDS", result.GetProperty("errors").GetProperty("funds").GetString());
        Assert.True(result.GetProperty("feeData").GetBoolean());
        Assert.Equal(path.Length > 0 ? 3 : 0, result.GetProperty("heads").GetArrayLength());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/ws")]
    public async Task Viem_moves_coins_with_both_types_of_transaction(string path)
    {
        JsonElement result = await RunAsync("viem-round-trip.mjs", "viem", path);
        Assert.Equal(HalfBsk, result.GetProperty("received").GetString());
        Assert.Equal(["legacy", "eip1559"], result.GetProperty("receipts").EnumerateArray().Select(receipt => receipt.GetProperty("type").GetString()));
        Assert.All(result.GetProperty("receipts").EnumerateArray(), receipt => Assert.Equal("success", receipt.GetProperty("status").GetString()));
        Assert.Equal("NonceTooLowError", result.GetProperty("errors").GetProperty("low").GetString());
        Assert.Equal("InsufficientFundsError", result.GetProperty("errors").GetProperty("funds").GetString());
        Assert.Equal(3, result.GetProperty("heads").GetArrayLength());
        Assert.True(result.GetProperty("history").GetBoolean());
    }

    private async Task<JsonElement> RunAsync(string script, string package, string path)
    {
        JsonElement result = await StockClient.RunAsync(script, package, new Dictionary<string, string>
        {
            ["URL"] = path.Length > 0 ? node.SocketUrl + path : node.Url,
            ["KEY"] = await node.NewFundedAccountAsync(),
            ["CHAIN_ID"] = node.Chain.Parameters.ChainId.ToString(CultureInfo.InvariantCulture),
        });
        Assert.Equal((int)node.Chain.Parameters.ChainId, result.GetProperty("chainId").GetInt32());
        Assert.True(result.GetProperty("hadBefore").GetBoolean());
        return result;
    }
}
