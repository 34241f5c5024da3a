using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Corpora;

/// <summary>Why a line is not a document: a stable name and a sentence.</summary>
public sealed record JsonlRefusal(string Token, string Detail);

/// <summary>
/// One line of a .jsonl file, in one of three forms that training sets come in: <c>{"text": …}</c>,
/// <c>{"messages": [{"role": …, "content": …}, …]}</c> or <c>{"prompt": …, "completion": …}</c>. Other members are ignored.
/// </summary>
public static class JsonlDocument
{
    /// <summary>The three forms, for messages to people.</summary>
    public const string Expected =
        """{"text":"…"}, {"messages":[{"role":"user","content":"…"},…]} or {"prompt":"…","completion":"…"}""";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Reads a line (UTF-8, without its end). Never throws, whatever the bytes.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> line, [NotNullWhen(true)] out CorpusDocument? document, [NotNullWhen(false)] out JsonlRefusal? refusal)
    {
        document = null;
        refusal = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(line, Options);
            document = json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement, out refusal) : null;
            refusal = document is null ? refusal ?? new JsonlRefusal("jsonl-not-an-object", "The line is JSON but not an object.") : null;
        }
        catch (JsonException error)
        {
            refusal = new JsonlRefusal("jsonl-not-json", $"The line is not JSON, from byte {error.BytePositionInLine ?? 0} on.");
        }
        catch (InvalidOperationException)
        {
            // The framework reports half of a surrogate pair (\ud800) only when the string is read.
            refusal = new JsonlRefusal("jsonl-not-unicode", "A string holds half of a surrogate pair.");
        }

        return document is not null;
    }

    private static CorpusDocument? Read(JsonElement line, out JsonlRefusal? refusal)
    {
        bool text = line.TryGetProperty("text", out JsonElement plain);
        bool chat = line.TryGetProperty("messages", out JsonElement messages);
        bool pair = line.TryGetProperty("prompt", out JsonElement prompt) | line.TryGetProperty("completion", out JsonElement completion);
        if ((text ? 1 : 0) + (chat ? 1 : 0) + (pair ? 1 : 0) != 1)
        {
            refusal = text || chat || pair
                ? new JsonlRefusal("jsonl-several-forms", "The object has members of several forms.")
                : new JsonlRefusal("jsonl-no-known-form", "The object has none of text, messages, prompt and completion.");
            return null;
        }

        if (chat)
        {
            return ReadChat(messages, out refusal);
        }

        return text ? ReadText(plain, out refusal) : ReadPair(prompt, completion, out refusal);
    }

    private static CorpusDocument? ReadText(JsonElement text, out JsonlRefusal? refusal)
    {
        refusal = RequireString(text, "text");
        return refusal is null ? CorpusDocument.Plain(text.GetString()!) : null;
    }

    private static CorpusDocument? ReadPair(JsonElement prompt, JsonElement completion, out JsonlRefusal? refusal)
    {
        refusal = RequireString(prompt, "prompt") ?? RequireString(completion, "completion");
        return refusal is null
            ? CorpusDocument.Chat([new ChatMessage(ChatRole.User, prompt.GetString()!), new ChatMessage(ChatRole.Assistant, completion.GetString()!)])
            : null;
    }

    private static CorpusDocument? ReadChat(JsonElement messages, out JsonlRefusal? refusal)
    {
        refusal = null;
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            refusal = new JsonlRefusal("jsonl-messages-not-a-list", "messages is not a list with a message or more.");
            return null;
        }

        var turns = new List<ChatMessage>();
        foreach (JsonElement message in messages.EnumerateArray())
        {
            ChatMessage? turn = ReadMessage(message, turns.Count, out refusal);
            if (turn is null)
            {
                return null;
            }

            turns.Add(turn);
        }

        return CorpusDocument.Chat(turns);
    }

    private static ChatMessage? ReadMessage(JsonElement message, int index, out JsonlRefusal? refusal)
    {
        if (message.ValueKind != JsonValueKind.Object
            || !message.TryGetProperty("role", out JsonElement role) || role.ValueKind != JsonValueKind.String
            || !message.TryGetProperty("content", out JsonElement content) || content.ValueKind != JsonValueKind.String)
        {
            refusal = new JsonlRefusal("jsonl-message-incomplete", $"Message {index} lacks a role or a content that is a string.");
            return null;
        }

        ChatRole? known = role.GetString() switch
        {
            "system" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            _ => null,
        };
        refusal = known switch
        {
            null => new JsonlRefusal("jsonl-role-unknown", $"Message {index} has a role other than system, user and assistant."),
            ChatRole.System when index > 0 => new JsonlRefusal("jsonl-system-not-first", $"Message {index} is a system message; only the first may be one."),
            _ => null,
        };
        return refusal is null ? new ChatMessage(known!.Value, content.GetString()!) : null;
    }

    private static JsonlRefusal? RequireString(JsonElement element, string name) => element.ValueKind == JsonValueKind.String
        ? null
        : new JsonlRefusal("jsonl-not-a-string", $"{name} is missing or not a string.");
}
