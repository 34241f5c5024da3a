using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>One thing that a peer asks for by name: a block, a chunk, a transaction.</summary>
/// <param name="Asked">The request that gives it.</param>
/// <param name="Of">Its hash, or that of what it is a part of; zero where a node has one such thing.</param>
/// <param name="Prefix">Which part of a state.</param>
/// <param name="Place">Index of a chunk, bits of a prefix.</param>
internal readonly record struct GivenThing(MessageKind Asked, Hash256 Of, Hash256 Prefix = default, uint Place = 0);

/// <summary>Which things an answer was about.</summary>
internal static class GivenThings
{
    /// <summary>
    /// What of a list did not fit into the answer is asked for again by everybody, so of a list counts what was given. Of headers nothing does: they are
    /// asked for by what the asker has, not by name.
    /// </summary>
    public static IEnumerable<GivenThing> Of(PeerRequest request, PeerAnswer answer) => request switch
    {
        GetHeaders => [],
        GetBlocks blocks => blocks.Hashes.Take(answer is EncodedBlocks given ? given.Encoded.Length : 1).Select(hash => new GivenThing(request.Kind, hash)),
        GetTransactions => answer is Transactions given ? given.Waiting.Select(each => new GivenThing(request.Kind, each.Transaction.Hash)) : [],
        GetBlockParts parts => [new GivenThing(request.Kind, parts.Block)],
        GetData data => [new GivenThing(request.Kind, data.Root, Place: data.Index)],
        GetStateChunk chunk => [new GivenThing(request.Kind, chunk.Block, chunk.Prefix, chunk.Bits)],
        _ => [new GivenThing(request.Kind, answer is SnapshotOffer offer ? offer.Block : Hash256.Zero)],
    };
}
