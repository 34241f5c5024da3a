using System.Text.Json;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;
using Basilisk.Node.Inference;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>Turns request bodies into jobs, or says what is wrong with them.</summary>
internal sealed class CompletionRequests(ServedModels models, TokenizerTable tokenizer, NetworkParameters parameters)
{
    private const int DefaultCompletionTokens = 16;
    private const int MostPrompts = 16;

    private int Context => parameters.Model.Shape.Context;

    private int Vocabulary => parameters.Model.Shape.Vocabulary;

    public async Task<(CompletionJob? Job, OpenAiError? Error)> ChatAsync(JsonElement body, CancellationToken cancellation)
    {
        var reader = new RequestReader(body);
        IReadOnlyList<ChatMessage>? messages = ChatPrompt.Read(reader);
        GenerationOptions options = GenerationOptions.Read(reader, Vocabulary);
        int? top = (int?)reader.Integer("top_logprobs", 0, 20);
        bool wanted = reader.Flag("logprobs");
        if (top is not null && !wanted)
        {
            reader.Refuse<bool>("top_logprobs", "left out unless 'logprobs' is true");
        }

        int most = options.MaxTokens ?? Math.Min(Context, GenerationOptions.MostTokens);
        return await JobAsync(
            reader,
            options,
            most,
            wanted ? top ?? 0 : null,
            () => [PromptWindow.Fit(tokenizer, messages!, PromptWindow.Room(Context, most))],
            new ChatShape(wanted ? new TokenProbabilities(tokenizer) : null),
            cancellation);
    }

    public async Task<(CompletionJob? Job, OpenAiError? Error)> TextAsync(JsonElement body, CancellationToken cancellation)
    {
        var reader = new RequestReader(body);
        if (reader.Has("suffix"))
        {
            reader.Refuse(OpenAiError.Unsupported("suffix"));
        }

        IReadOnlyList<ushort[]> prompts = Prompts(reader);
        GenerationOptions options = GenerationOptions.Read(reader, Vocabulary);
        int? top = (int?)reader.Integer("logprobs", 0, 20);
        bool echo = reader.Flag("echo");
        if (reader.Integer("best_of", 1, GenerationOptions.MostChoices) is { } best && best != options.Choices)
        {
            reader.Refuse<bool>("best_of", "left out, or equal to 'n'");
        }

        int most = options.MaxTokens ?? DefaultCompletionTokens;
        string[] echoes = [.. prompts.Select(prompt => echo ? tokenizer.DecodeText(prompt) : "")];
        return await JobAsync(
            reader,
            options,
            most,
            top,
            () => [.. prompts.Select(prompt => PromptWindow.Fit(prompt, PromptWindow.Room(Context, most)))],
            new TextShape(top is null ? null : new TokenProbabilities(tokenizer), echoes, options.Choices),
            cancellation);
    }

    private async Task<(CompletionJob? Job, OpenAiError? Error)> JobAsync(
        RequestReader reader, GenerationOptions options, int most, int? top, Func<ushort[][]> prompts, IAnswerShape shape, CancellationToken cancellation)
    {
        string? id = reader.Text("model");
        if (id is null)
        {
            reader.Refuse<bool>("model", "a model's id; GET /v1/models lists them");
        }

        if (reader.Error is { } error)
        {
            return (null, error);
        }

        ServedModel? model = await models.FindAsync(id!, cancellation);
        InferenceWeights? weights = model is null ? null : models.Weights(model);
        return model is null || weights is null
            ? (null, OpenAiError.UnknownModel(id!))
            : (new CompletionJob(model, weights, prompts(), most, top, options, shape), null);
    }

    // A string, a list of strings, a list of token ids, or a list of such lists. An empty prompt begins a document.
    private IReadOnlyList<ushort[]> Prompts(RequestReader reader)
    {
        const string Expected = "a string, a list of strings, a list of token ids, or a list of lists of token ids";
        JsonElement prompt = reader.Member("prompt");
        JsonElement[] items = prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() > 0 && prompt[0].ValueKind != JsonValueKind.Number
            ? [.. prompt.EnumerateArray()]
            : [prompt];
        if (items.Length > MostPrompts)
        {
            return reader.Refuse<IReadOnlyList<ushort[]>>("prompt", $"at most {MostPrompts} prompts") ?? [];
        }

        var prompts = new List<ushort[]>();
        foreach (JsonElement item in items)
        {
            ushort[]? tokens = item.ValueKind switch
            {
                JsonValueKind.Undefined => [],
                JsonValueKind.String => tokenizer.Encode(item.GetString()!),
                JsonValueKind.Array => Ids(item),
                _ => null,
            };
            if (tokens is null)
            {
                return reader.Refuse<IReadOnlyList<ushort[]>>("prompt", Expected + $", ids below {Vocabulary}") ?? [];
            }

            prompts.Add(tokens.Length == 0 ? [SpecialTokens.End] : tokens);
        }

        return prompts;
    }

    private ushort[]? Ids(JsonElement list)
    {
        var ids = new List<ushort>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetUInt16(out ushort id) || id >= Vocabulary)
            {
                return null;
            }

            ids.Add(id);
        }

        return [.. ids];
    }
}
