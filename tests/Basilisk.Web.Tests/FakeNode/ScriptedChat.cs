using System.Text.Json;
using System.Threading.Channels;
using Basilisk.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Basilisk.Testing.FakeNode;

/// <summary>
/// The completion routes of a scripted node: a test puts pieces into <see cref="Say"/> and they stream out one by one.
/// </summary>
public sealed class ScriptedChat
{
    private Channel<string?> _pieces = Channel.CreateUnbounded<string?>();

    /// <summary>Body of the last request.</summary>
    public JsonElement? LastRequest { get; private set; }

    /// <summary>Completes when a client went away in the middle of an answer.</summary>
    public TaskCompletionSource Cancelled { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When set, a request is refused with this OpenAI-style message.</summary>
    public string? Refusal { get; set; }

    /// <summary>Streams a piece of the answer.</summary>
    public void Say(string piece) => _pieces.Writer.TryWrite(piece);

    /// <summary>Ends the answer properly.</summary>
    public void End() => _pieces.Writer.TryWrite(null);

    /// <summary>Ends the answer with an error inside the stream.</summary>
    public void Break(string message) => _pieces.Writer.TryWrite("\0" + message);

    /// <summary>Forgets earlier pieces and requests.</summary>
    public void Reset()
    {
        _pieces = Channel.CreateUnbounded<string?>();
        Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Refusal = null;
    }

    internal void Map(WebApplication app, ScriptedChain chain)
    {
        app.MapGet(Routes.Models, () => new
        {
            @object = "list",
            data = new[] { Model("basilisk"), Model("basilisk@96") },
        });
        app.MapPost(Routes.ChatCompletions, context => Stream(context, chain));

        static object Model(string id) => new { id, @object = "model", created = 1_790_000_000, owned_by = "dev" };
    }

    private async Task Stream(HttpContext context, ScriptedChain chain)
    {
        LastRequest = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        if (Refusal is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = new { message = refusal, type = "invalid_request_error", param = "messages", code = "bad-parameter" } });
            return;
        }

        context.Response.ContentType = "text/event-stream";
        var pieces = _pieces.Reader;
        try
        {
            await Write(context, Chunk(chain, new { role = "assistant" }, null));
            while (await pieces.ReadAsync(context.RequestAborted) is { } piece)
            {
                if (piece.StartsWith('\0'))
                {
                    await Write(context, new { error = new { message = piece[1..], type = "server_error", param = (string?)null, code = "internal" } });
                    return;
                }

                await Write(context, Chunk(chain, new { content = piece }, null));
            }

            await Write(context, Chunk(chain, new { }, "stop"));
            await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Cancelled.TrySetResult();
        }
    }

    private static object Chunk(ScriptedChain chain, object delta, string? finish) => new
    {
        id = "chatcmpl-1",
        @object = "chat.completion.chunk",
        created = 1_790_000_000,
        model = "basilisk",
        system_fingerprint = ScriptedChain.ModelRoot(chain.CurrentRound - 1),
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
    };

    private static async Task Write(HttpContext context, object value)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(value)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
