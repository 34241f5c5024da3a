namespace Basilisk.Exact.Checkpoints;

/// <summary>Why bytes are not a checkpoint.</summary>
public enum CheckpointRefusalKind
{
    TooShort,
    MagicUnknown,
    VersionUnknown,
    FlagsUnknown,
    ShapeInvalid,
    TooManyWeights,
    WeightCountMismatch,
    LengthMismatch,
    WeightOutOfRange,
}

/// <summary>A refusal with the number seen and the number allowed or expected.</summary>
public sealed record CheckpointRefusal(CheckpointRefusalKind Kind, long Seen, long Allowed)
{
    /// <summary>Stable name of the reason.</summary>
    public string Token => Kind switch
    {
        CheckpointRefusalKind.TooShort => "checkpoint-too-short",
        CheckpointRefusalKind.MagicUnknown => "checkpoint-magic-unknown",
        CheckpointRefusalKind.VersionUnknown => "checkpoint-version-unknown",
        CheckpointRefusalKind.FlagsUnknown => "checkpoint-flags-unknown",
        CheckpointRefusalKind.ShapeInvalid => "checkpoint-shape-invalid",
        CheckpointRefusalKind.TooManyWeights => "checkpoint-too-many-weights",
        CheckpointRefusalKind.WeightCountMismatch => "checkpoint-weight-count-mismatch",
        CheckpointRefusalKind.LengthMismatch => "checkpoint-length-mismatch",
        CheckpointRefusalKind.WeightOutOfRange => "checkpoint-weight-out-of-range",
        _ => throw new System.Diagnostics.UnreachableException($"No token for {Kind}."),
    };
}
