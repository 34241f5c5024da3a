using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Node.Api.JsonRpc.Methods;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Api.Metrics;

namespace Basilisk.Node.Api.JsonRpc;

/// <summary>Answers JSON-RPC 2.0 messages: one call or a batch. Never throws for what a client sends.</summary>
internal sealed class RpcDispatcher(IEnumerable<IRpcMethods> groups, RpcMeter meter, TimeProvider time, ILogger<RpcDispatcher> log)
{
    /// <summary>Most calls of a batch: what ethers sends at once.</summary>
    public const int LargestBatch = 100;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly FrozenDictionary<string, RpcMethod> _methods =
        groups.SelectMany(group => group.Methods).ToFrozenDictionary(each => each.Name, each => each.Method, StringComparer.Ordinal);

    public IEnumerable<string> MethodNames => _methods.Keys;

    /// <summary>The answer to a message; null where it holds notifications only.</summary>
    /// <param name="message">UTF-8 JSON.</param>
    /// <param name="extra">Methods of this connection, looked at first.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<JsonNode?> AnswerAsync(ReadOnlyMemory<byte> message, IReadOnlyDictionary<string, RpcMethod>? extra, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = RequestJson.Parse(message, Strict);
        }
        catch (JsonException error)
        {
            return RpcRequest.Answer(default, new RpcError(RpcCodes.ParseError, $"parse error: {error.Message}", "json-malformed"));
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? await BatchAsync(document.RootElement, extra, cancellation)
                : await OneAsync(document.RootElement, extra, cancellation);
        }
    }

    private async Task<JsonNode?> BatchAsync(JsonElement batch, IReadOnlyDictionary<string, RpcMethod>? extra, CancellationToken cancellation)
    {
        int count = batch.GetArrayLength();
        if (count is 0 or > LargestBatch)
        {
            return RpcRequest.Answer(default, count == 0
                ? RpcRequest.Invalid("a batch has at least one call")
                : new RpcError(RpcCodes.LimitExceeded, $"a batch has at most {LargestBatch} calls, not {count}", "batch-too-large"));
        }

        var answers = new JsonArray();
        foreach (JsonElement call in batch.EnumerateArray())
        {
            if (await OneAsync(call, extra, cancellation) is { } answer)
            {
                answers.Add((JsonNode)answer);
            }
        }

        return answers.Count > 0 ? answers : null;
    }

    private async Task<JsonObject?> OneAsync(JsonElement element, IReadOnlyDictionary<string, RpcMethod>? extra, CancellationToken cancellation)
    {
        if (!RpcRequest.TryRead(element, out RpcRequest? request, out JsonElement id, out RpcError? invalid))
        {
            return RpcRequest.Answer(id, invalid);
        }

        RpcMethod? method = extra?.GetValueOrDefault(request.Method) ?? _methods.GetValueOrDefault(request.Method);
        long start = time.GetTimestamp();
        RpcResult result = method is null
            ? new RpcError(RpcCodes.MethodNotFound, $"the method {request.Method} does not exist/is not available", "method-not-found")
            : await CallAsync(method, request, cancellation);
        meter.Called(method is null ? RpcMeter.UnknownMethod : request.Method, result.Error?.Code, time.GetElapsedTime(start));
        return request.IsNotification ? null : RpcRequest.Answer(request.Id, result);
    }

    private async Task<RpcResult> CallAsync(RpcMethod method, RpcRequest request, CancellationToken cancellation)
    {
        try
        {
            return await method(request.Params, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // One call's failure is its own answer; the others of a batch go on.
            string requestId = Guid.NewGuid().ToString("N");
            log.RequestFailed(error, requestId, "JSON-RPC", request.Method);
            return new RpcError(RpcCodes.Internal, $"internal error; the node's log has the cause under {requestId}", "internal");
        }
    }
}
