using System.Diagnostics;

namespace Basilisk.Exact.Payloads;

/// <summary>Why bytes are not a payload of this network.</summary>
public enum PayloadRefusalKind
{
    TooShort,
    MagicUnknown,
    VersionUnknown,
    LevelBitsMismatch,
    WeightCountMismatch,
    Empty,
    ChunkOverLimit,
    EntryCountMismatch,
    LengthMismatch,
    ScaleOutOfRange,
    IndexMapMalformed,
    IndexNotAscending,
    IndexOutOfRange,
    ScaleNotCanonical,
    PaddingNotZero,
}

/// <summary>A refusal with the number seen, the number allowed or expected, and the chunk it was seen in.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Seen">What the bytes say.</param>
/// <param name="Allowed">What they may say: a limit or the one right value.</param>
/// <param name="Chunk">Chunk number, or −1 where the header is at fault.</param>
public sealed record PayloadRefusal(PayloadRefusalKind Kind, long Seen, long Allowed, int Chunk = -1)
{
    /// <summary>Stable name of the reason.</summary>
    public string Token => Kind switch
    {
        PayloadRefusalKind.TooShort => "payload-too-short",
        PayloadRefusalKind.MagicUnknown => "payload-magic-unknown",
        PayloadRefusalKind.VersionUnknown => "payload-version-unknown",
        PayloadRefusalKind.LevelBitsMismatch => "payload-level-bits-mismatch",
        PayloadRefusalKind.WeightCountMismatch => "payload-weight-count-mismatch",
        PayloadRefusalKind.Empty => "payload-empty",
        PayloadRefusalKind.ChunkOverLimit => "payload-chunk-over-limit",
        PayloadRefusalKind.EntryCountMismatch => "payload-entry-count-mismatch",
        PayloadRefusalKind.LengthMismatch => "payload-length-mismatch",
        PayloadRefusalKind.ScaleOutOfRange => "payload-scale-out-of-range",
        PayloadRefusalKind.IndexMapMalformed => "payload-index-map-malformed",
        PayloadRefusalKind.IndexNotAscending => "payload-index-not-ascending",
        PayloadRefusalKind.IndexOutOfRange => "payload-index-out-of-range",
        PayloadRefusalKind.ScaleNotCanonical => "payload-scale-not-canonical",
        PayloadRefusalKind.PaddingNotZero => "payload-padding-not-zero",
        _ => throw new UnreachableException($"No token for {Kind}."),
    };
}
