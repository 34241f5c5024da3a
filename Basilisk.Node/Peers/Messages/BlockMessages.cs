using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// Announces a block that is the sender's tip: the header, and the hashes of what is in it. A peer whose mempool has the parts
/// builds the block from them; what it lacks it asks for by <see cref="GetBlockParts"/>.
/// </summary>
/// <param name="Header">The header, its work checked by the sender.</param>
/// <param name="Transactions">Hash of each transaction, in order.</param>
/// <param name="Payloads">Keccak-256 of each payload, in order.</param>
public sealed record NewBlock(BlockHeader Header, ImmutableArray<Hash256> Transactions, ImmutableArray<Hash256> Payloads) : PeerMessage
{
    public override MessageKind Kind => MessageKind.NewBlock;
}

/// <summary>Asks for parts of an announced block by their places in it, rising.</summary>
public sealed record GetBlockParts(ulong RequestId, Hash256 Block, ImmutableArray<uint> Transactions, ImmutableArray<uint> Payloads) : PeerRequest(RequestId)
{
    public override MessageKind Kind => MessageKind.GetBlockParts;
}

/// <summary>The parts, in the order asked; all of them.</summary>
public sealed record BlockParts(ulong RequestId, ImmutableArray<Transaction> Transactions, ImmutableArray<ReadOnlyMemory<byte>> Payloads) : PeerAnswer(RequestId)
{
    public override MessageKind Kind => MessageKind.BlockParts;
}

/// <summary>Asks for whole blocks, at most <see cref="Most"/>.</summary>
public sealed record GetBlocks(ulong RequestId, ImmutableArray<Hash256> Hashes) : PeerRequest(RequestId)
{
    public const int Most = 64;

    public override MessageKind Kind => MessageKind.GetBlocks;
}

/// <summary>Whole blocks with their side-cars, in the order asked: at least the first, and as many more as fit into a frame.</summary>
public sealed record Blocks(ulong RequestId, ImmutableArray<Block> Whole) : PeerAnswer(RequestId)
{
    public override MessageKind Kind => MessageKind.Blocks;
}

/// <summary>
/// The same answer as <see cref="Blocks"/>, from bytes as they are stored (<see cref="BlockCodec"/>): who serves blocks need not decode
/// them, which would cost a signature recovery for each transaction. Never the result of decoding.
/// </summary>
public sealed record EncodedBlocks(ulong RequestId, ImmutableArray<ReadOnlyMemory<byte>> Encoded) : PeerAnswer(RequestId)
{
    public override MessageKind Kind => MessageKind.Blocks;
}
