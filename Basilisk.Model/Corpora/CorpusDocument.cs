using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Corpora;

/// <summary>
/// One document of a corpus: a chat or a plain text. As tokens it ends with exactly one <see cref="SpecialTokens.End"/>,
/// which a chat's last message brings along and a plain text gets added.
/// </summary>
public sealed class CorpusDocument
{
    private CorpusDocument(IReadOnlyList<ChatMessage> messages, string? text)
    {
        Messages = messages;
        Text = text;
    }

    /// <summary>The turns of a chat; empty for a plain text.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The plain text; null for a chat.</summary>
    public string? Text { get; }

    /// <exception cref="ArgumentException">There is no message.</exception>
    public static CorpusDocument Chat(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Count > 0 ? new CorpusDocument(messages, null) : throw new ArgumentException("A chat has a message or more.", nameof(messages));
    }

    public static CorpusDocument Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new CorpusDocument([], text);
    }

    /// <summary>The document's texts without any token that frames them.</summary>
    public IEnumerable<string> Texts => Text is null ? Messages.Select(message => message.Text) : [Text];

    /// <summary>The document as people read it, special tokens written out.</summary>
    public override string ToString() => Text is not null
        ? Text + SpecialTokens.Text(SpecialTokens.End)
        : string.Concat(Messages.Select(message =>
            SpecialTokens.Text(TokenizerTable.RoleToken(message.Role)) + message.Text + SpecialTokens.Text(SpecialTokens.End)));
}
