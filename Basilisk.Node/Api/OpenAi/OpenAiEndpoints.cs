using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Contracts;
using Basilisk.Contracts.Errors;
using Basilisk.Node.Inference;
using Basilisk.Node.Options;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>The model under OpenAI's HTTP interface, for any client that speaks it.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>Requests that generate at once: the trainer needs the cores too.</summary>
    private static readonly int MostAtOnce = Math.Max(2, Environment.ProcessorCount);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    public static void MapOpenAi(this IEndpointRouteBuilder app)
    {
        var places = new SemaphoreSlim(MostAtOnce, MostAtOnce);
        RouteGroupBuilder group = app.MapGroup("").WithTags("model");
        group.MapGet(Routes.Models, (ServedModels models) => Json(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. models.List().Select(model => (JsonNode)View(model))]),
        })).WithName("models");
        group.MapGet(Routes.Models + "/{id}", ModelAsync).WithName("model");
        group.MapPost(Routes.ChatCompletions, (HttpContext context, CompletionRequests requests) => AnswerAsync(context, places, requests.ChatAsync)).WithName("chat-completions");
        group.MapPost(Routes.Completions, (HttpContext context, CompletionRequests requests) => AnswerAsync(context, places, requests.TextAsync)).WithName("completions");
    }

    private static async Task ModelAsync(string id, HttpContext context, ServedModels models)
    {
        if (await models.FindAsync(id, context.RequestAborted) is { } model)
        {
            await Json(View(model)).ExecuteAsync(context);
            return;
        }

        await OpenAiError.UnknownModel(id).WriteAsync(context);
    }

    private static async Task AnswerAsync(
        HttpContext context, SemaphoreSlim places, Func<JsonElement, CancellationToken, Task<(CompletionJob? Job, OpenAiError? Error)>> read)
    {
        byte[]? body = await BodyReader.ReadAsync(context.Request, context.RequestServices.GetRequiredService<NodeOptions>().Http.MaxBodyBytes, context.RequestAborted);
        (JsonDocument? document, OpenAiError? malformed) = Parse(body);
        if (malformed is not null)
        {
            await malformed.WriteAsync(context);
            return;
        }

        using (document)
        {
            (CompletionJob? job, OpenAiError? error) = await read(document!.RootElement, context.RequestAborted);
            if (job is null)
            {
                await error!.WriteAsync(context);
                return;
            }

            if (!await places.WaitAsync(0))
            {
                await OpenAiError.Busy.WriteAsync(context);
                return;
            }

            try
            {
                await context.RequestServices.GetRequiredService<CompletionWriter>().WriteAsync(context, job);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return; // The client went; generation went with it.
            }
            finally
            {
                places.Release();
            }
        }
    }

    /// <summary>The JSON object of a body, null where it was too large.</summary>
    internal static (JsonDocument? Document, OpenAiError? Error) Parse(byte[]? body)
    {
        if (body is null)
        {
            return (null, new OpenAiError(StatusCodes.Status413PayloadTooLarge, "invalid_request_error", "The request's body is larger than this node takes.", null, ErrorTokens.BodyTooLarge));
        }

        try
        {
            JsonDocument document = RequestJson.Parse(body, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (document, null);
            }

            document.Dispose();
            return (null, NotJson("it is no JSON object"));
        }
        catch (JsonException error)
        {
            return (null, NotJson(error.Message));
        }
    }

    private static OpenAiError NotJson(string reason) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", $"The body cannot be read: {reason}", null, "json_malformed");

    private static JsonObject View(ServedModel model) => new()
    {
        ["id"] = model.Id,
        ["object"] = "model",
        ["created"] = model.Time,
        ["owned_by"] = "basilisk",
        ["height"] = model.Height,
        ["root"] = model.Root.ToString(),
    };

    private static IResult Json(JsonObject value) => Results.Text(value.ToJsonString(), "application/json");
}
