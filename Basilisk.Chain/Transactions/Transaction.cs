using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Transactions;

/// <summary>
/// A signed transaction, exactly Ethereum's. It exists only where its encoding is canonical, its signature recovers a
/// sender and its fields are valid by themselves; hash, sender and bytes are computed once. Two are equal where their
/// hashes are.
/// </summary>
public sealed class Transaction : IEquatable<Transaction>
{
    /// <summary>Bytes of the largest transaction taken: 128 KiB, as Ethereum nodes relay.</summary>
    public const int MaximumSize = 128 * 1024;

    private readonly byte[] _encoded;

    internal Transaction(UnsignedTransaction body, Signature signature, Address sender, byte[] encoded)
    {
        Body = body;
        Signature = signature;
        Sender = sender;
        _encoded = encoded;
        Hash = Keccak256.Hash(encoded);
        IntrinsicGas = body.IntrinsicGas;
    }

    /// <summary>What was signed.</summary>
    public UnsignedTransaction Body { get; }

    public TransactionType Type => Body.Type;

    /// <summary>Null only in type 0 from before EIP-155.</summary>
    public ulong? ChainId => Body.ChainId;

    public ulong Nonce => Body.Nonce;

    /// <summary>Wei per gas that may go to the miner. Type 0: the gas price.</summary>
    public UInt256 MaxPriorityFeePerGas => Body.MaxPriorityFeePerGas;

    /// <summary>Wei per gas at most. Type 0: the gas price.</summary>
    public UInt256 MaxFeePerGas => Body.MaxFeePerGas;

    public ulong GasLimit => Body.GasLimit;

    public Address To => Body.To;

    /// <summary>Wei.</summary>
    public UInt256 Value => Body.Value;

    public ReadOnlyMemory<byte> Data => Body.Data;

    public ImmutableArray<AccessListEntry> AccessList => Body.AccessList;

    /// <summary>r, s and the y parity.</summary>
    public Signature Signature { get; }

    /// <summary>v as JSON-RPC shows it: the y parity in type 2; 35 + 2·chain id + parity, or 27 + parity, in type 0.</summary>
    public UInt256 V => TransactionCodec.V(Body, Signature);

    /// <summary>Ethereum's transaction hash: Keccak-256 of the encoding.</summary>
    public Hash256 Hash { get; }

    /// <summary>The account whose key signed.</summary>
    public Address Sender { get; }

    /// <summary>Gas used by the transaction: it has no code to run.</summary>
    public ulong IntrinsicGas { get; }

    /// <summary>Bytes of the encoding.</summary>
    public int Size => _encoded.Length;

    /// <summary>The encoding, without a copy.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>A copy of the encoding: RLP for type 0; the byte 2 and RLP for type 2 (EIP-2718).</summary>
    public byte[] Encode() => [.. _encoded];

    /// <summary>
    /// Reads a signed transaction and recovers its sender (about a tenth of a millisecond). Refuses, with tokens of
    /// <see cref="TransactionToken"/> and <see cref="Rlp.RlpToken"/>, whatever is not the only encoding of a valid one.
    /// Whether it fits a chain and a state is for later rules.
    /// </summary>
    public static Verdict<Transaction> Decode(ReadOnlySpan<byte> encoded) => TransactionCodec.Decode(encoded);

    public bool Equals(Transaction? other) => other is not null && Hash == other.Hash;

    public override bool Equals(object? obj) => Equals(obj as Transaction);

    public override int GetHashCode() => Hash.GetHashCode();

    public override string ToString() => $"transaction {Hash}";
}
