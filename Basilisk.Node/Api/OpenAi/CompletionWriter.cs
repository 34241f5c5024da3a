using System.Text;
using System.Text.Json.Nodes;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;
using Basilisk.Node.Inference;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>Generates a job's answers and writes them: at once, or as server-sent events while they come.</summary>
internal sealed class CompletionWriter(TokenizerTable tokenizer, TimeProvider time, ILogger<CompletionWriter> log)
{
    public async Task WriteAsync(HttpContext context, CompletionJob job)
    {
        context.Response.Headers["x-basilisk-height"] = job.Model.Height.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers["x-basilisk-model-root"] = job.Model.Root.ToString();
        if (job.Options.Stream)
        {
            await StreamAsync(context, job);
            return;
        }

        JsonObject answer = Envelope(job, job.Shape.Whole);
        var choices = new JsonArray();
        int generated = 0;
        for (int index = 0; index < job.Answers; index++)
        {
            var text = new StringBuilder();
            var tokens = new List<GeneratedToken>();
            string reason = "length";
            await foreach (AnswerStep step in job.AnswerAsync(tokenizer, index, context.RequestAborted))
            {
                text.Append(step.Text);
                reason = step.FinishReason ?? reason;
                if (step.Token is { } token)
                {
                    tokens.Add(token);
                }
            }

            generated += tokens.Count;
            choices.Add((JsonNode)job.Shape.Choice(index, text.ToString(), tokens, reason));
        }

        answer["choices"] = choices;
        answer["usage"] = Usage(job, generated);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, CompletionJob job)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        JsonObject envelope = Envelope(job, job.Shape.Chunk);
        try
        {
            int generated = 0;
            for (int index = 0; index < job.Answers; index++)
            {
                generated += await StreamAnswerAsync(context, job, envelope, index);
            }

            if (job.Options.IncludeUsage)
            {
                JsonObject last = Chunk(envelope, null);
                last["usage"] = Usage(job, generated);
                await SendAsync(context, last.ToJsonString());
            }

            await SendAsync(context, "[DONE]");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The status went out long ago; the stream itself has to say it.
            log.RequestFailed(error, context.TraceIdentifier, context.Request.Method, context.Request.Path);
            var failed = new OpenAiError(500, "server_error", $"Generation failed; the node's log has the cause under {context.TraceIdentifier}.", null, "internal");
            await SendAsync(context, failed.ToJson().ToJsonString());
        }
    }

    private async Task<int> StreamAnswerAsync(HttpContext context, CompletionJob job, JsonObject envelope, int index)
    {
        if (job.Shape.Opening(index) is { } opening)
        {
            await SendAsync(context, Chunk(envelope, opening).ToJsonString());
        }

        int generated = 0;
        await foreach (AnswerStep step in job.AnswerAsync(tokenizer, index, context.RequestAborted))
        {
            generated += step.Token is null ? 0 : 1;
            bool says = step.Text.Length > 0 || step.FinishReason is not null || job.TopAlternatives is not null;
            if (says)
            {
                await SendStepAsync(context, job, envelope, index, step);
            }
        }

        return generated;
    }

    // Clients expect the reason in a chunk of its own, after the last text.
    private static async Task SendStepAsync(HttpContext context, CompletionJob job, JsonObject envelope, int index, AnswerStep step)
    {
        if (step.FinishReason is not null && step.Text.Length > 0)
        {
            await SendAsync(context, Chunk(envelope, job.Shape.Delta(index, step with { FinishReason = null })).ToJsonString());
            step = step with { Text = "" };
        }

        await SendAsync(context, Chunk(envelope, job.Shape.Delta(index, step)).ToJsonString());
    }

    private JsonObject Envelope(CompletionJob job, string name) => new()
    {
        ["id"] = job.Shape.IdPrefix + Guid.NewGuid().ToString("N"),
        ["object"] = name,
        ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
        ["model"] = job.Model.Id,
        ["system_fingerprint"] = job.Model.Root.ToString(),
    };

    private static JsonObject Chunk(JsonObject envelope, JsonObject? choice)
    {
        var chunk = (JsonObject)envelope.DeepClone();
        chunk["choices"] = choice is null ? new JsonArray() : new JsonArray((JsonNode)choice);
        return chunk;
    }

    private static JsonObject Usage(CompletionJob job, int generated) => new()
    {
        ["prompt_tokens"] = job.PromptTokens,
        ["completion_tokens"] = generated,
        ["total_tokens"] = job.PromptTokens + generated,
    };

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
