using System.Text.Json.Nodes;

namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>What a method answers: a value (null is one) or an error.</summary>
internal readonly record struct RpcResult(JsonNode? Value, RpcError? Error)
{
    public static implicit operator RpcResult(RpcError error) => new(null, error);

    public static implicit operator RpcResult(JsonNode? value) => new(value, null);

    public static implicit operator RpcResult(string value) => new(JsonValue.Create(value), null);

    public static implicit operator RpcResult(bool value) => new(JsonValue.Create(value), null);
}

/// <summary>One method.</summary>
internal delegate Task<RpcResult> RpcMethod(RpcParams parameters, CancellationToken cancellation);
