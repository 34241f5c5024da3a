using System.Text.Json.Nodes;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Options;

namespace Basilisk.Node.Api.JsonRpc;

/// <summary><c>POST /</c>: Ethereum's JSON-RPC. Errors of calls are answered with HTTP 200, as clients expect.</summary>
internal static class RpcEndpoint
{
    public static void MapJsonRpc(this IEndpointRouteBuilder app)
    {
        app.MapPost("/", AnswerAsync).ExcludeFromDescription();
        app.MapMethods("/", ["OPTIONS"], () => Results.NoContent()).ExcludeFromDescription();
    }

    private static async Task AnswerAsync(HttpContext context, RpcDispatcher dispatcher, NodeOptions options)
    {
        long limit = options.Http.MaxBodyBytes;
        byte[]? body = await BodyReader.ReadAsync(context.Request, limit, context.RequestAborted);
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            var error = new RpcError(RpcCodes.LimitExceeded, $"request body too large: at most {limit} bytes", Contracts.Errors.ErrorTokens.BodyTooLarge);
            await WriteAsync(context, RpcRequest.Answer(default, error));
            return;
        }

        if (await dispatcher.AnswerAsync(body, null, context.RequestAborted) is { } answer)
        {
            await WriteAsync(context, answer);
        }
    }

    private static async Task WriteAsync(HttpContext context, JsonNode answer)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
