using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Model;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Contracts.Rounds;

namespace Basilisk.Contracts.Live;

/// <summary>
/// Names of the hub's methods. A client invokes <see cref="Subscribe"/>, gets a <see cref="LiveSnapshot"/>, and then
/// receives <see cref="Delta"/> messages numbered one after another; when a number is missing it subscribes again.
/// </summary>
public static class LiveMethods
{
    /// <summary>Client to node: <c>Task&lt;LiveSnapshot&gt; Subscribe()</c>.</summary>
    public const string Subscribe = "Subscribe";

    /// <summary>Node to client: one <see cref="LiveDelta"/>.</summary>
    public const string Delta = "Delta";
}

/// <summary>Everything a live page starts from.</summary>
/// <param name="Sequence">Number of the last delta that is already in it.</param>
/// <param name="Status">The node.</param>
/// <param name="Blocks">Newest blocks, newest first, at most 20.</param>
/// <param name="Rounds">Newest rounds, newest first, at most 10.</param>
/// <param name="Quality">Newest quality points, oldest first, at most 200.</param>
public sealed record LiveSnapshot(
    long Sequence,
    StatusView Status,
    IReadOnlyList<BlockSummary> Blocks,
    IReadOnlyList<RoundSummary> Rounds,
    IReadOnlyList<QualityPoint> Quality);

/// <summary>What changed. Members that did not change are null.</summary>
/// <param name="Sequence">One more than the delta before.</param>
/// <param name="Status">The node's figures, at most twice a second.</param>
/// <param name="Block">A block that was connected to the best chain.</param>
/// <param name="Disconnected">Hash of a block that a reorganisation removed.</param>
/// <param name="Round">A round that changed.</param>
/// <param name="Quality">A new quality point.</param>
public sealed record LiveDelta(
    long Sequence,
    StatusView? Status = null,
    BlockSummary? Block = null,
    string? Disconnected = null,
    RoundSummary? Round = null,
    QualityPoint? Quality = null);
