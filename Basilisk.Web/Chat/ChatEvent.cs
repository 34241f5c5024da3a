namespace Basilisk.Web.Chat;

/// <summary>What comes out of a streamed completion.</summary>
public abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <summary>The next piece of the answer: whole characters, usually one token.</summary>
    public sealed record Piece(string Text) : ChatEvent;

    /// <summary>Which checkpoint answers: its root, and the model id the node says it used.</summary>
    public sealed record Stamp(string? Fingerprint, string? Model) : ChatEvent;

    /// <summary>Why generation ended: stop or length.</summary>
    public sealed record Finished(string Reason) : ChatEvent;

    /// <summary>Tokens counted by the node.</summary>
    public sealed record Usage(int PromptTokens, int CompletionTokens) : ChatEvent;

    /// <summary>The node refused or broke off; what came before stays.</summary>
    public sealed record Failed(string Message) : ChatEvent;
}
