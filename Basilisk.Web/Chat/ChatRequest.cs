using System.Text.Json.Serialization;

namespace Basilisk.Web.Chat;

/// <summary>One message as the completion route takes it.</summary>
/// <param name="Role">system, user or assistant.</param>
/// <param name="Content">Its text.</param>
public sealed record ChatMessage(
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("content")] string Content);

/// <summary>Body of <c>POST /v1/chat/completions</c>, OpenAI's names with top_k and min_p beside them.</summary>
public sealed record ChatRequest(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("messages")] IReadOnlyList<ChatMessage> Messages,
    [property: JsonPropertyName("temperature")] double Temperature,
    [property: JsonPropertyName("top_p")] double TopP,
    [property: JsonPropertyName("top_k")] int TopK,
    [property: JsonPropertyName("min_p")] double MinP,
    [property: JsonPropertyName("max_tokens")] int MaxTokens,
    [property: JsonPropertyName("seed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Seed,
    [property: JsonPropertyName("stop"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Stop)
{
    [JsonPropertyName("stream")]
    public bool Stream => true;

    [JsonPropertyName("stream_options")]
    public object StreamOptions { get; } = new { include_usage = true };
}
