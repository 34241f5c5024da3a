using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Blocks;

/// <summary>
/// A header, its transactions, and the side-car: the payloads that its reveal transactions name, in their order.
/// A block without its payloads is not a block.
/// </summary>
public sealed class Block
{
    private object? _sidecarHashes;

    public Block(BlockHeader header, ImmutableArray<Transaction> transactions, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        ArgumentNullException.ThrowIfNull(header);
        Header = header;
        Transactions = transactions;
        Payloads = payloads;
    }

    /// <summary>The network's first block: a header without a body.</summary>
    public static Block Genesis(NetworkParameters parameters) => new(GenesisBlock.CreateState(parameters).Head.Header, [], []);

    public BlockHeader Header { get; }

    public ImmutableArray<Transaction> Transactions { get; }

    /// <summary>The side-car: one payload for each reveal transaction, in the same order.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Payloads { get; }

    public Hash256 Hash => Header.Hash;

    public ulong Height => Header.Height;

    /// <summary>Keccak-256 of each payload, in order. Computed once.</summary>
    public ImmutableArray<Hash256> PayloadHashes =>
        (ImmutableArray<Hash256>)(_sidecarHashes ??= Payloads.Select(payload => Keccak256.Hash(payload.Span)).ToImmutableArray());

    /// <summary>The same body under another header: a template once its nonce is found.</summary>
    public Block WithHeader(BlockHeader header) => new(header, Transactions, Payloads);

    /// <summary>Root over the transactions' hashes.</summary>
    public static Hash256 TransactionsRoot(IEnumerable<Transaction> transactions) =>
        MerkleRoot.Of([.. transactions.Select(transaction => transaction.Hash)]);

    /// <summary>Root over the payloads' hashes.</summary>
    public static Hash256 SidecarRoot(IReadOnlyList<Hash256> payloadHashes) => MerkleRoot.Of(payloadHashes);
}
