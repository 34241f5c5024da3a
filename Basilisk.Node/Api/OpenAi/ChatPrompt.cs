using System.Text;
using System.Text.Json;
using Basilisk.Exact.Tokens;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>Reads the messages of a chat.</summary>
internal static class ChatPrompt
{
    private const int MostMessages = 1024;

    private static readonly string[] Unsupported = ["tools", "functions", "tool_choice", "audio", "web_search_options"];

    /// <summary>Turns in order; null where the reader has an error.</summary>
    public static IReadOnlyList<ChatMessage>? Read(RequestReader reader)
    {
        foreach (string name in Unsupported)
        {
            if (reader.Has(name))
            {
                reader.Refuse(OpenAiError.Unsupported(name));
            }
        }

        JsonElement messages = reader.Member("messages");
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is 0 or > MostMessages)
        {
            return reader.Refuse<IReadOnlyList<ChatMessage>>("messages", $"a list of 1 to {MostMessages} messages");
        }

        var turns = new List<ChatMessage>();
        int index = 0;
        foreach (JsonElement element in messages.EnumerateArray())
        {
            if (Message(reader, element, $"messages[{index++}]") is not { } turn)
            {
                return null;
            }

            turns.Add(turn);
        }

        return Scene(turns);
    }

    // The model knows at most one scene-setting message, first.
    private static List<ChatMessage> Scene(List<ChatMessage> turns)
    {
        string scene = string.Join("\n", turns.Where(turn => turn.Role == ChatRole.System).Select(turn => turn.Text));
        List<ChatMessage> others = [.. turns.Where(turn => turn.Role != ChatRole.System)];
        if (scene.Length > 0)
        {
            others.Insert(0, new ChatMessage(ChatRole.System, scene));
        }

        return others;
    }

    private static ChatMessage? Message(RequestReader reader, JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("role", out JsonElement roleText) || roleText.ValueKind != JsonValueKind.String)
        {
            return reader.Refuse<ChatMessage>(name, "an object with role and content");
        }

        ChatRole? role = roleText.GetString() switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            _ => null,
        };
        if (role is not { } known)
        {
            return reader.Refuse<ChatMessage>($"{name}.role", "system, developer, user or assistant");
        }

        element.TryGetProperty("content", out JsonElement content);
        return Content(reader, content, $"{name}.content") is { } text ? new ChatMessage(known, text) : null;
    }

    private static string? Content(RequestReader reader, JsonElement content, string name)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return content.GetString();
            case JsonValueKind.Array:
                var text = new StringBuilder();
                foreach (JsonElement part in content.EnumerateArray())
                {
                    if (part.ValueKind != JsonValueKind.Object
                        || !part.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String || type.GetString() != "text"
                        || !part.TryGetProperty("text", out JsonElement piece) || piece.ValueKind != JsonValueKind.String)
                    {
                        reader.Refuse(OpenAiError.Unsupported(name));
                        return null;
                    }

                    text.Append(piece.GetString());
                }

                return text.ToString();
            default:
                return reader.Refuse<string>(name, "a string, or a list of text parts");
        }
    }
}
