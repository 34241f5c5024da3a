using System.Diagnostics;

namespace Basilisk.Exact.Corpora;

/// <summary>Why bytes are not a corpus.</summary>
public enum CorpusRefusalKind
{
    TooShort,
    MagicUnknown,
    VersionUnknown,
    VocabularyInvalid,
    HoldoutInvalid,
    TooManyTokens,
    LengthMismatch,
    TokenOutOfRange,
}

/// <summary>A refusal with the number seen and the number allowed or expected.</summary>
public sealed record CorpusRefusal(CorpusRefusalKind Kind, long Seen, long Allowed)
{
    /// <summary>Stable name of the reason.</summary>
    public string Token => Kind switch
    {
        CorpusRefusalKind.TooShort => "corpus-too-short",
        CorpusRefusalKind.MagicUnknown => "corpus-magic-unknown",
        CorpusRefusalKind.VersionUnknown => "corpus-version-unknown",
        CorpusRefusalKind.VocabularyInvalid => "corpus-vocabulary-invalid",
        CorpusRefusalKind.HoldoutInvalid => "corpus-holdout-invalid",
        CorpusRefusalKind.TooManyTokens => "corpus-too-many-tokens",
        CorpusRefusalKind.LengthMismatch => "corpus-length-mismatch",
        CorpusRefusalKind.TokenOutOfRange => "corpus-token-out-of-range",
        _ => throw new UnreachableException($"No token for {Kind}."),
    };
}
