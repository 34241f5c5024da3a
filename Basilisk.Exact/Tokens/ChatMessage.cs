namespace Basilisk.Exact.Tokens;

/// <summary>Who speaks in a chat.</summary>
public enum ChatRole
{
    /// <summary>Sets the scene; optional, first.</summary>
    System,

    /// <summary>Asks.</summary>
    User,

    /// <summary>Answers.</summary>
    Assistant,
}

/// <summary>One turn of a chat.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What is said, without any special token.</param>
public sealed record ChatMessage(ChatRole Role, string Text);
