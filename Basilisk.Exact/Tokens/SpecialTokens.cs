namespace Basilisk.Exact.Tokens;

/// <summary>
/// The four tokens that give a text its structure. They have no bytes: no text that anyone types encodes to one,
/// so a message cannot pretend to be a turn of somebody else.
/// </summary>
public static class SpecialTokens
{
    /// <summary>Number of tokens that stand for one byte each; token b is byte b.</summary>
    public const int ByteTokens = 256;

    /// <summary>Closes every message and every document.</summary>
    public const ushort End = 256;

    /// <summary>Opens a message of the user.</summary>
    public const ushort User = 257;

    /// <summary>Opens a message of the assistant.</summary>
    public const ushort Assistant = 258;

    /// <summary>Opens a message that sets the scene; at most one, first.</summary>
    public const ushort System = 259;

    /// <summary>Number of special tokens.</summary>
    public const int Count = 4;

    /// <summary>Id of the first merge.</summary>
    public const int FirstMerge = ByteTokens + Count;

    private static readonly string[] Texts = ["<|end|>", "<|user|>", "<|assistant|>", "<|system|>"];

    public static bool IsSpecial(ushort token) => token is >= End and <= System;

    /// <summary>How people and exported files write the token, e.g. <c>&lt;|end|&gt;</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not special.</exception>
    public static string Text(ushort token) => IsSpecial(token)
        ? Texts[token - End]
        : throw new ArgumentOutOfRangeException(nameof(token), token, $"Special tokens are {End} to {System}.");
}
