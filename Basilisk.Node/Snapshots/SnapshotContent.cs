using Basilisk.Chain.Blocks;
using Basilisk.Chain.State;
using Basilisk.Exact.Checkpoints;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>All that a chain needs to go on from a block without those before it. Checked against the headers by whoever made it.</summary>
/// <param name="Block">The last block of a settled round, on the best header chain.</param>
/// <param name="State">The state after it; its root is the header's.</param>
/// <param name="Trail">What judging remembers of the rounds before.</param>
/// <param name="Checkpoints">The checkpoint in force after it and those that the trail names.</param>
/// <param name="Payloads">Payloads that the trail names.</param>
public sealed record SnapshotContent(
    BlockHeader Block, StateTree State, RoundTrail Trail, IReadOnlyList<Checkpoint> Checkpoints, IReadOnlyList<ReadOnlyMemory<byte>> Payloads);
