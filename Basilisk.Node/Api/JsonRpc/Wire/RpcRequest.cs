using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>One call, read strictly.</summary>
/// <param name="Id">A string, a number or null; undefined in a notification, which gets no answer.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Params">An array; empty where the call has none.</param>
internal sealed record RpcRequest(JsonElement Id, string Method, RpcParams Params)
{
    public bool IsNotification => Id.ValueKind == JsonValueKind.Undefined;

    /// <summary>Reads a call; on refusal the error goes back under <paramref name="id"/>, which is null where none can be read.</summary>
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out RpcRequest? request, out JsonElement id, [NotNullWhen(false)] out RpcError? error)
    {
        request = null;
        id = default;
        error = null;
        if (element.ValueKind != JsonValueKind.Object)
        {
            error = Invalid("a call is a JSON object");
            return false;
        }

        if (element.TryGetProperty("id", out id) && id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null))
        {
            id = default;
            error = Invalid("id must be a string, a number or null");
        }
        else if (!element.TryGetProperty("jsonrpc", out JsonElement version) || version.ValueKind != JsonValueKind.String || version.GetString() != "2.0")
        {
            error = Invalid("jsonrpc must be \"2.0\"");
        }
        else if (!element.TryGetProperty("method", out JsonElement method) || method.ValueKind != JsonValueKind.String)
        {
            error = Invalid("method must be a string");
        }
        else if (element.TryGetProperty("params", out JsonElement parameters) && parameters.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            error = RpcError.BadParameter("params", "an array");
        }
        else
        {
            request = new RpcRequest(id, method.GetString()!, new RpcParams(parameters));
        }

        return request is not null;
    }

    /// <summary>An answer to this id.</summary>
    public static JsonObject Answer(JsonElement id, RpcResult result)
    {
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : JsonValue.Create(id.Clone()) };
        if (result.Error is { } error)
        {
            answer["error"] = error.ToJson();
        }
        else
        {
            answer["result"] = result.Value;
        }

        return answer;
    }

    public static RpcError Invalid(string reason) => new(RpcCodes.InvalidRequest, $"invalid request: {reason}", "invalid-request");
}
