namespace Basilisk.Exact.Tokens;

/// <summary>Why bytes are not a tokenizer table.</summary>
public enum TokenizerRefusalKind
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Shorter than the header.</summary>
    TooShort,

    /// <summary>The first four bytes are not the format's.</summary>
    UnknownMagic,

    /// <summary>A format version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>More merges than token ids.</summary>
    TooManyMerges,

    /// <summary>The length is not the one that the number of merges asks for.</summary>
    LengthMismatch,

    /// <summary>A merge names a token at or above its own id.</summary>
    MergeFromLaterToken,

    /// <summary>A merge names a special token.</summary>
    MergeOfSpecialToken,

    /// <summary>A merge makes a token longer than <see cref="TokenizerTable.MaxTokenBytes"/>.</summary>
    TokenTooLong,

    /// <summary>Two tokens stand for the same bytes.</summary>
    DuplicateToken,
}

/// <summary>A refusal with the numbers behind it.</summary>
/// <param name="Kind">The rule that was broken.</param>
/// <param name="Seen">What the bytes hold.</param>
/// <param name="Allowed">What the rule allows.</param>
/// <param name="Merge">Index of the merge at fault, or −1 where none is.</param>
public readonly record struct TokenizerRefusal(TokenizerRefusalKind Kind, long Seen, long Allowed, int Merge = -1)
{
    /// <summary>The refusal's stable name, for logs and messages between machines.</summary>
    public string Token => Kind switch
    {
        TokenizerRefusalKind.None => "none",
        TokenizerRefusalKind.TooShort => "tokenizer-too-short",
        TokenizerRefusalKind.UnknownMagic => "tokenizer-unknown-magic",
        TokenizerRefusalKind.UnknownVersion => "tokenizer-unknown-version",
        TokenizerRefusalKind.TooManyMerges => "tokenizer-too-many-merges",
        TokenizerRefusalKind.LengthMismatch => "tokenizer-length-mismatch",
        TokenizerRefusalKind.MergeFromLaterToken => "tokenizer-merge-from-later-token",
        TokenizerRefusalKind.MergeOfSpecialToken => "tokenizer-merge-of-special-token",
        TokenizerRefusalKind.TokenTooLong => "tokenizer-token-too-long",
        TokenizerRefusalKind.DuplicateToken => "tokenizer-duplicate-token",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public override string ToString() => Merge < 0
        ? $"{Token}: seen {Seen}, allowed {Allowed}"
        : $"{Token}: merge {Merge}, seen {Seen}, allowed {Allowed}";
}
