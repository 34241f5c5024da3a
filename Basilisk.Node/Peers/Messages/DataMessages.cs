using System.Collections.Immutable;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Content that is named by a hash and fetched in chunks of 64 KiB.</summary>
public enum DataKind : uint
{
    /// <summary>The corpus, by the Merkle root in the parameters.</summary>
    Corpus = 1,

    /// <summary>A checkpoint, by its Merkle root.</summary>
    Checkpoint = 2,

    /// <summary>The tokenizer, by the hash in the parameters: one piece, checked whole.</summary>
    Tokenizer = 3,
}

/// <summary>Asks for one chunk.</summary>
/// <param name="Root">What the content is named by.</param>
/// <param name="Index">Chunk, from 0.</param>
public sealed record GetData(ulong RequestId, DataKind Data, Hash256 Root, uint Index) : PeerRequest(RequestId)
{
    public override MessageKind Kind => MessageKind.GetData;
}

/// <summary>One chunk with the proof that it belongs to the root (<see cref="Exact.Hashing.MerkleTree"/>); the tokenizer has no proof.</summary>
/// <param name="Index">Chunk.</param>
/// <param name="Count">Chunks in all: part of the proof.</param>
/// <param name="Bytes">At most 64 KiB (tokenizer: at most 16 MiB).</param>
/// <param name="Siblings">Hashes beside the path, from the chunk up.</param>
public sealed record DataChunk(ulong RequestId, uint Index, uint Count, ReadOnlyMemory<byte> Bytes, ImmutableArray<Hash256> Siblings) : PeerAnswer(RequestId)
{
    /// <summary>Most bytes of a chunk with a proof.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Most bytes of the tokenizer, which is one piece.</summary>
    public const int MostTokenizerBytes = 16 << 20;

    /// <summary>Most siblings: chunks are counted by 32 bits.</summary>
    public const int MostSiblings = 32;

    public override MessageKind Kind => MessageKind.DataChunk;
}

/// <summary>Asks what network the peer is on, so that a node without its files can get them.</summary>
public sealed record GetNetwork(ulong RequestId) : PeerRequest(RequestId)
{
    public override MessageKind Kind => MessageKind.GetNetwork;
}

/// <summary>
/// What makes the network, without what lies behind the hashes. The asker derives the parameters from it, compares their hash with
/// the peer's handshake (and with the user's word for it), and fetches tokenizer, corpus and first checkpoint by hash.
/// </summary>
/// <param name="Description">The network's description file (<c>network.json</c>), UTF-8, at most <see cref="MostDescription"/> bytes.</param>
/// <param name="Manifest">The manifest of the artefacts (<c>genesis.json</c>), UTF-8, at most as long.</param>
public sealed record NetworkDescription(ulong RequestId, ReadOnlyMemory<byte> Description, ReadOnlyMemory<byte> Manifest) : PeerAnswer(RequestId)
{
    public const int MostDescription = 64 * 1024;

    public override MessageKind Kind => MessageKind.NetworkDescription;
}
