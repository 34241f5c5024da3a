using Basilisk.Exact.Tokens;

namespace Basilisk.Node.Inference;

/// <summary>Fits prompts into the model's context: the newest part stays, and room is left for an answer.</summary>
public static class PromptWindow
{
    /// <summary>Tokens a prompt may have: the context less the answer, of which at most half the context is reserved.</summary>
    public static int Room(int context, int answer) => context - Math.Clamp(answer, 1, context / 2);

    /// <summary>The newest tokens of a text.</summary>
    public static ushort[] Fit(ushort[] tokens, int room)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return tokens.Length <= room ? tokens : tokens[^room..];
    }

    /// <summary>
    /// A chat, opened for its answer. Oldest turns are left out whole, the scene-setting first message is kept; where even the last
    /// turn is too long, its newest part stays behind its role's token.
    /// </summary>
    public static ushort[] Fit(TokenizerTable tokenizer, IReadOnlyList<ChatMessage> messages, int room)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] scene = [.. messages.Where(message => message.Role == ChatRole.System)];
        List<ChatMessage> turns = [.. messages.Where(message => message.Role != ChatRole.System)];
        ushort[] tokens = tokenizer.EncodeChat([.. scene, .. turns], openAnswer: true);
        while (tokens.Length > room && turns.Count > 1)
        {
            turns.RemoveAt(0);
            tokens = tokenizer.EncodeChat([.. scene, .. turns], openAnswer: true);
        }

        if (tokens.Length <= room || turns.Count == 0)
        {
            return Fit(tokens, room);
        }

        // Role, as much of the text's end as fits, <|end|>, <|assistant|>; the scene goes where it leaves no room for that.
        ushort[] opening = tokenizer.EncodeChat(scene);
        if (opening.Length > room / 2)
        {
            opening = [];
        }

        ushort[] text = tokenizer.Encode(turns[^1].Text);
        int kept = Math.Clamp(room - opening.Length - 3, 0, text.Length);
        return Fit([.. opening, TokenizerTable.RoleToken(turns[^1].Role), .. text[^kept..], SpecialTokens.End, SpecialTokens.Assistant], room);
    }
}
