namespace Basilisk.Node.Snapshots;

/// <summary>Stable names of why a snapshot is not taken; docs/protocol.md §10 explains each.</summary>
public static class SnapshotTokens
{
    // Its bytes, as a file or in the log.
    public const string ChecksumMismatch = "snapshot-checksum-mismatch";
    public const string VersionUnknown = "snapshot-version-unknown";
    public const string BlockMismatch = "snapshot-block-mismatch";
    public const string HeadersMissing = "snapshot-headers-missing";
    public const string CheckpointMissing = "snapshot-checkpoint-missing";
    public const string TrailMismatch = "snapshot-trail-mismatch";

    // What a peer offers or gives.
    public const string RoundNotSettled = "snapshot-round-not-settled";
    public const string StateTooLarge = "snapshot-state-too-large";
}
