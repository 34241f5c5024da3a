namespace Basilisk.Node.Peers.Sync;

/// <summary>How far a node is.</summary>
/// <param name="Phase">What it is busy with.</param>
/// <param name="IsCurrent">Whether it mines, trains and listens to transactions.</param>
/// <param name="Height">Connected height.</param>
/// <param name="TargetHeight">Height of the best header, or the best that a peer names while headers are missing.</param>
/// <param name="BlocksPerSecond">Over the last half minute.</param>
/// <param name="Remaining">Time left at that speed; null where it cannot be said.</param>
public sealed record SyncProgress(SyncPhase Phase, bool IsCurrent, ulong Height, ulong TargetHeight, double BlocksPerSecond, TimeSpan? Remaining)
{
    /// <summary>Every phase as APIs and metrics name it.</summary>
    public static IReadOnlyList<string> PhaseNames { get; } = [.. Enum.GetValues<SyncPhase>().Select(NameOf)];

    public string PhaseName => NameOf(Phase);

    private static string NameOf(SyncPhase phase) => phase switch
    {
        SyncPhase.FindingPeers => "finding-peers",
        SyncPhase.Headers => "headers",
        SyncPhase.Snapshot => "snapshot",
        SyncPhase.Blocks => "blocks",
        SyncPhase.Judging => "judging",
        _ => "current",
    };
}
