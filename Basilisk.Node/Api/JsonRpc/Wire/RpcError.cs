using System.Text.Json.Nodes;

namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>Why a call was refused: a code of JSON-RPC 2.0 or EIP-1474, a sentence, and a stable token in <c>data</c>.</summary>
/// <param name="Code">See <see cref="RpcCodes"/>.</param>
/// <param name="Message">Ethereum's wording where clients match on it.</param>
/// <param name="Token">Kebab-case name of the cause.</param>
internal sealed record RpcError(int Code, string Message, string Token)
{
    public JsonObject ToJson() => new()
    {
        ["code"] = Code,
        ["message"] = Message,
        ["data"] = new JsonObject { ["token"] = Token },
    };

    public static RpcError BadParameter(string name, string expected) =>
        new(RpcCodes.InvalidParams, $"invalid params: {name} must be {expected}", "bad-parameter");
}

/// <summary>Error codes: https://www.jsonrpc.org/specification and EIP-1474.</summary>
internal static class RpcCodes
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int Internal = -32603;
    public const int InvalidInput = -32000;
    public const int TransactionRejected = -32003;
    public const int LimitExceeded = -32005;
}
