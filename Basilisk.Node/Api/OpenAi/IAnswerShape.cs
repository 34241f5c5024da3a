using System.Text.Json.Nodes;
using Basilisk.Model.Inference;
using Basilisk.Node.Inference;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>How one endpoint writes its answers: chat and plain completions differ in little else.</summary>
internal interface IAnswerShape
{
    /// <summary>"chatcmpl-" or "cmpl-".</summary>
    string IdPrefix { get; }

    /// <summary>The object's name in a whole answer.</summary>
    string Whole { get; }

    /// <summary>The object's name in a stream.</summary>
    string Chunk { get; }

    /// <summary>A finished choice.</summary>
    JsonObject Choice(int index, string text, IReadOnlyList<GeneratedToken> tokens, string finishReason);

    /// <summary>The stream's first chunk of a choice; null where it begins with text.</summary>
    JsonObject? Opening(int index);

    /// <summary>A choice in a stream: new text, or the reason it ended.</summary>
    JsonObject Delta(int index, AnswerStep step);
}

/// <summary>Messages, for <c>/v1/chat/completions</c>.</summary>
/// <param name="probabilities">Null where none are wanted.</param>
internal sealed class ChatShape(TokenProbabilities? probabilities) : IAnswerShape
{
    public string IdPrefix => "chatcmpl-";

    public string Whole => "chat.completion";

    public string Chunk => "chat.completion.chunk";

    public JsonObject Choice(int index, string text, IReadOnlyList<GeneratedToken> tokens, string finishReason) => new()
    {
        ["index"] = index,
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = null },
        ["logprobs"] = Logprobs(tokens),
        ["finish_reason"] = finishReason,
    };

    public JsonObject? Opening(int index) => new()
    {
        ["index"] = index,
        ["delta"] = new JsonObject { ["role"] = "assistant", ["content"] = "" },
        ["logprobs"] = null,
        ["finish_reason"] = null,
    };

    public JsonObject Delta(int index, AnswerStep step) => new()
    {
        ["index"] = index,
        ["delta"] = step.Text.Length > 0 ? new JsonObject { ["content"] = step.Text } : new JsonObject(),
        ["logprobs"] = step.Token is { } token ? Logprobs([token]) : null,
        ["finish_reason"] = step.FinishReason,
    };

    private JsonObject? Logprobs(IReadOnlyList<GeneratedToken> tokens) => probabilities is null
        ? null
        : new JsonObject { ["content"] = new JsonArray([.. tokens.Select(token => (JsonNode)probabilities.Entry(token))]), ["refusal"] = null };
}

/// <summary>Text, for <c>/v1/completions</c>.</summary>
/// <param name="probabilities">Null where none are wanted.</param>
/// <param name="echoes">Text put before each answer, by prompt; empty strings where the prompt is not echoed.</param>
/// <param name="choices">Answers per prompt.</param>
internal sealed class TextShape(TokenProbabilities? probabilities, IReadOnlyList<string> echoes, int choices) : IAnswerShape
{
    public string IdPrefix => "cmpl-";

    public string Whole => "text_completion";

    public string Chunk => "text_completion";

    public JsonObject Choice(int index, string text, IReadOnlyList<GeneratedToken> tokens, string finishReason) => new()
    {
        ["text"] = Echo(index) + text,
        ["index"] = index,
        ["logprobs"] = probabilities?.Lists(tokens, Echo(index).Length),
        ["finish_reason"] = finishReason,
    };

    public JsonObject? Opening(int index) => Echo(index).Length == 0 ? null : new JsonObject
    {
        ["text"] = Echo(index),
        ["index"] = index,
        ["logprobs"] = null,
        ["finish_reason"] = null,
    };

    public JsonObject Delta(int index, AnswerStep step) => new()
    {
        ["text"] = step.Text,
        ["index"] = index,
        ["logprobs"] = step.Token is { } token ? probabilities?.Lists([token], 0) : null,
        ["finish_reason"] = step.FinishReason,
    };

    private string Echo(int index) => echoes[index / choices];
}
