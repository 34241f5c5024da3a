using System.Collections.Immutable;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Asks which snapshot the peer serves.</summary>
public sealed record GetSnapshot(ulong RequestId) : PeerRequest(RequestId)
{
    public override MessageKind Kind => MessageKind.GetSnapshot;
}

/// <summary>The state after the last block of a settled round at least two rounds deep.</summary>
/// <param name="Block">Hash of that block, on the sender's chain.</param>
/// <param name="Height">Its height.</param>
/// <param name="Entries">Entries of the state: tells the asker how much there is to come.</param>
public sealed record SnapshotOffer(ulong RequestId, Hash256 Block, ulong Height, uint Entries) : PeerAnswer(RequestId)
{
    public override MessageKind Kind => MessageKind.SnapshotOffer;
}

/// <summary>Asks for every state entry whose key begins with some bits, after a block.</summary>
/// <param name="Block">The offered block.</param>
/// <param name="Prefix">Key whose first bits are meant; the others are zero.</param>
/// <param name="Bits">How many bits, 0–256.</param>
public sealed record GetStateChunk(ulong RequestId, Hash256 Block, Hash256 Prefix, uint Bits) : PeerRequest(RequestId)
{
    public override MessageKind Kind => MessageKind.GetStateChunk;
}

/// <summary>
/// The entries under a prefix by rising key, and the hashes beside the path to it: together they lead to the state root in the
/// block's header. More than <see cref="MostEntries"/>: <see cref="TooMany"/> is set, there are none, and the asker halves the prefix.
/// </summary>
public sealed record StateChunk(
    ulong RequestId, bool TooMany, ImmutableArray<KeyValuePair<Hash256, ReadOnlyMemory<byte>>> Entries, ImmutableArray<Hash256> Siblings) : PeerAnswer(RequestId)
{
    public const int MostEntries = 4_096;

    /// <summary>Bytes of the largest value that a state entry may have; the largest there is, a work unit, has about 150.</summary>
    public const int MostValueBytes = 512;

    public override MessageKind Kind => MessageKind.StateChunk;
}
