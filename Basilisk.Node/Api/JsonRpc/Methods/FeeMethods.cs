using System.Collections.Immutable;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>Gas and prices.</summary>
internal sealed class FeeMethods(ChainstateService chainstate, ChainMethods chain, FeeHistory history) : IRpcMethods
{
    /// <summary>Suggested tip: 1 gwei gets into any block that is not full, and blocks hardly ever are.</summary>
    public static readonly UInt256 SuggestedTip = 1_000_000_000UL;

    public IEnumerable<(string Name, RpcMethod Method)> Methods =>
    [
        ("eth_gasPrice", (_, _) => Task.FromResult<RpcResult>((chainstate.Current.State.Chain.BaseFee + SuggestedTip).ToHex())),
        ("eth_maxPriorityFeePerGas", (_, _) => Task.FromResult<RpcResult>(SuggestedTip.ToHex())),
        ("eth_estimateGas", (parameters, _) => Task.FromResult(Estimate(parameters))),
        ("eth_call", (parameters, _) => Task.FromResult(Call(parameters))),
        ("eth_feeHistory", FeeHistoryAsync),
    ];

    private RpcResult Estimate(RpcParams parameters)
    {
        JsonElement call = parameters.Object(0, "transaction");
        parameters.Block(1);
        string? from = parameters.Member(call, "from");
        string? to = parameters.Member(call, "to");
        byte[] data = Data(parameters, call);
        UInt256 value = Amount(parameters, call, "value");
        ImmutableArray<AccessListEntry> accessList = AccessList(parameters, call);
        Address sender = AddressOf(parameters, from, "from");
        AddressOf(parameters, to, "to");
        if (parameters.Error is { } error)
        {
            return error;
        }

        if (to is null)
        {
            return new RpcError(RpcCodes.InvalidInput, "contract creation is not supported", TransactionToken.ContractCreationUnsupported);
        }

        UInt256 balance = chainstate.Current.State.Account(sender).Balance;
        return from is not null && value > balance
            ? new RpcError(RpcCodes.InvalidInput, $"insufficient funds for transfer: balance {balance}, value {value}", Chain.Refusals.Tokens.BalanceTooLow)
            : Quantity.Of(IntrinsicGas.Of(data, accessList.AsSpan()));
    }

    // No account has code: a call returns nothing.
    private static RpcResult Call(RpcParams parameters)
    {
        JsonElement call = parameters.Object(0, "transaction");
        AddressOf(parameters, parameters.Member(call, "to"), "to");
        parameters.Block(1);
        return parameters.Error is { } error ? error : "0x";
    }

    private async Task<RpcResult> FeeHistoryAsync(RpcParams parameters, CancellationToken cancellation)
    {
        ulong count = parameters.Count64(0, "block count");
        BlockTag newest = parameters.Block(1);
        double[] percentiles = Percentiles(parameters);
        if (parameters.Error is { } error)
        {
            return error;
        }

        return await chain.FindAsync(newest, cancellation) is { } last
            ? await history.ReadAsync(last, (int)Math.Clamp(count, 1, FeeHistory.MostBlocks), percentiles, cancellation)
            : new RpcError(RpcCodes.InvalidInput, "header not found", "block-not-found");
    }

    private static double[] Percentiles(RpcParams parameters)
    {
        if (parameters.At(2) is not { ValueKind: JsonValueKind.Array } array)
        {
            return [];
        }

        var percentiles = new List<double>();
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (percentiles.Count == FeeHistory.MostPercentiles || element.ValueKind != JsonValueKind.Number || element.GetDouble() is not (>= 0 and <= 100) || (percentiles.Count > 0 && element.GetDouble() < percentiles[^1]))
            {
                parameters.Refuse<bool>("reward percentiles", $"at most {FeeHistory.MostPercentiles} numbers from 0 to 100, rising");
                return [];
            }

            percentiles.Add(element.GetDouble());
        }

        return [.. percentiles];
    }

    private static byte[] Data(RpcParams parameters, JsonElement call)
    {
        string? text = parameters.Member(call, "input") ?? parameters.Member(call, "data");
        byte[] data = [];
        if (text is not null && !Quantity.TryParseBytes(text, out data))
        {
            parameters.Refuse<bool>("input", "bytes: 0x and an even number of hexadecimal digits");
        }

        return data;
    }

    private static UInt256 Amount(RpcParams parameters, JsonElement call, string name) =>
        parameters.Member(call, name) is not { } text ? UInt256.Zero
        : UInt256.TryParseHex(text, out UInt256 amount) ? amount
        : parameters.Refuse<UInt256>(name, "a quantity of at most 256 bits");

    private static Address AddressOf(RpcParams parameters, string? text, string name) =>
        text is null ? default
        : Address.TryParse(text, out Address address) ? address
        : parameters.Refuse<Address>(name, "an address");

    private static ImmutableArray<AccessListEntry> AccessList(RpcParams parameters, JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("accessList", out JsonElement list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        ImmutableArray<AccessListEntry>.Builder entries = ImmutableArray.CreateBuilder<AccessListEntry>();
        foreach (JsonElement element in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default)
        {
            if (element.ValueKind != JsonValueKind.Object
                || !element.TryGetProperty("storageKeys", out JsonElement keys)
                || keys.ValueKind != JsonValueKind.Array)
            {
                return parameters.Refuse<ImmutableArray<AccessListEntry>>("accessList", "entries of address and storageKeys");
            }

            entries.Add(new AccessListEntry(
                AddressOf(parameters, parameters.Member(element, "address") ?? "", "accessList address"),
                [.. keys.EnumerateArray().Select(key => key.ValueKind == JsonValueKind.String && Hash256.TryParse(key.GetString(), out Hash256 hash) ? hash : parameters.Refuse<Hash256>("storageKeys", "32-byte hashes"))]));
        }

        return entries.ToImmutable();
    }
}
