using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Basilisk.Contracts;

namespace Basilisk.Web.Chat;

/// <summary>
/// The node's completion routes. An answer is a stream of <see cref="ChatEvent"/>; whatever goes wrong is its last event,
/// and cancelling closes the connection, which makes the node stop generating.
/// </summary>
public sealed class ChatClient(HttpClient http)
{
    private const string EndMark = "[DONE]";

    /// <summary>Model ids the node offers, or none while it does not answer.</summary>
    public async Task<IReadOnlyList<string>> Models(CancellationToken stop)
    {
        try
        {
            var list = await http.GetFromJsonAsync<JsonElement>(Routes.Models, stop);
            return [.. list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString() ?? "")];
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Streams one answer.</summary>
    public async IAsyncEnumerable<ChatEvent> Complete(ChatRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Routes.ChatCompletions) { Content = JsonContent.Create(request) };
        var (response, refusal) = await Open(message, stop);
        if (refusal is not null)
        {
            yield return new ChatEvent.Failed(refusal);
            yield break;
        }

        using (response)
        {
            await using var body = await response!.Content.ReadAsStreamAsync(stop);
            await using var items = SseParser.Create(body).EnumerateAsync(stop).GetAsyncEnumerator(stop);
            var ended = false;
            while (!ended)
            {
                var (data, problem) = await Next(items);
                if (data is null or EndMark)
                {
                    if (problem is not null || data is null)
                    {
                        yield return new ChatEvent.Failed(problem ?? "The node closed the connection before the answer ended.");
                    }

                    yield break;
                }

                foreach (var happened in Read(data))
                {
                    ended |= happened is ChatEvent.Failed;
                    yield return happened;
                }
            }
        }
    }

    private async Task<(HttpResponseMessage? Response, string? Refusal)> Open(HttpRequestMessage message, CancellationToken stop)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
            if (response.IsSuccessStatusCode)
            {
                return (response, null);
            }

            var text = await response.Content.ReadAsStringAsync(stop);
            var status = (int)response.StatusCode;
            response.Dispose();
            return (null, ErrorIn(text) ?? $"The node answered {status}.");
        }
        catch (HttpRequestException problem)
        {
            response?.Dispose();
            return (null, $"The node at {http.BaseAddress} does not answer ({problem.Message}).");
        }
    }

    private static async Task<(string? Data, string? Problem)> Next(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync() ? (items.Current.Data, null) : (null, null);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException)
        {
            return (null, $"The connection to the node broke: {problem.Message}");
        }
    }

    /// <summary>What one chunk says.</summary>
    private static IEnumerable<ChatEvent> Read(string data)
    {
        if (ErrorIn(data) is { } error)
        {
            yield return new ChatEvent.Failed(error);
            yield break;
        }

        if (!TryParse(data, out var chunk))
        {
            yield return new ChatEvent.Failed("The node sent something that is no completion chunk.");
            yield break;
        }

        if (Text(chunk, "system_fingerprint") is { } fingerprint)
        {
            yield return new ChatEvent.Stamp(fingerprint, Text(chunk, "model"));
        }

        if (chunk.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
        {
            var choice = choices[0];
            if (choice.TryGetProperty("delta", out var delta) && Text(delta, "content") is { Length: > 0 } piece)
            {
                yield return new ChatEvent.Piece(piece);
            }

            if (Text(choice, "finish_reason") is { } reason)
            {
                yield return new ChatEvent.Finished(reason);
            }
        }

        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            yield return new ChatEvent.Usage(usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
        }
    }

    private static string? ErrorIn(string text) =>
        TryParse(text, out var root) && root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? Text(error, "message") : null;

    private static bool TryParse(string text, out JsonElement root)
    {
        try
        {
            root = JsonSerializer.Deserialize<JsonElement>(text);
            return root.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            root = default;
            return false;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
