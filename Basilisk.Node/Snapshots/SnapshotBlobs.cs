using System.Collections.Immutable;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Snapshots;

/// <summary>Keys of the blobs that hold an installed snapshot.</summary>
/// <param name="View">Keccak-256 of the encoded view.</param>
/// <param name="Headers">Keccak-256 of each run of headers.</param>
/// <param name="Checkpoints">Roots.</param>
public sealed record SnapshotBlobs(Hash256 View, ImmutableArray<Hash256> Headers, ImmutableArray<Hash256> Checkpoints);
