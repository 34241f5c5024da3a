using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Transactions;

/// <summary>What a sender signs. Made by <see cref="Legacy"/> or <see cref="DynamicFee"/>; turned into a transaction by <see cref="Sign"/>.</summary>
public sealed record UnsignedTransaction
{
    public required TransactionType Type { get; init; }

    /// <summary>The chain it is valid on; null only in type 0 from before EIP-155, which is valid on any.</summary>
    public required ulong? ChainId { get; init; }

    public required ulong Nonce { get; init; }

    /// <summary>Wei per gas that may go to the miner. Type 0: the gas price.</summary>
    public required UInt256 MaxPriorityFeePerGas { get; init; }

    /// <summary>Wei per gas at most, base fee and tip together. Type 0: the gas price.</summary>
    public required UInt256 MaxFeePerGas { get; init; }

    public required ulong GasLimit { get; init; }

    public required Address To { get; init; }

    /// <summary>Wei.</summary>
    public required UInt256 Value { get; init; }

    /// <summary>Calldata: a memo, or a protocol call.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Always empty in type 0.</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>Gas used by the transaction: it has no code to run.</summary>
    public ulong IntrinsicGas => Transactions.IntrinsicGas.Of(Data.Span, AccessList.AsSpan());

    /// <summary>The hash that is signed: EIP-155 for type 0, EIP-1559 for type 2.</summary>
    public Hash256 SigningHash => Keccak256.Hash(TransactionCodec.EncodeForSigning(this));

    /// <summary>A type 0 transaction with replay protection.</summary>
    public static UnsignedTransaction Legacy(
        ulong chainId, ulong nonce, UInt256 gasPrice, ulong gasLimit, Address to, UInt256 value, ReadOnlyMemory<byte> data = default) => new()
        {
            Type = TransactionType.Legacy,
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = gasPrice,
            MaxFeePerGas = gasPrice,
            GasLimit = gasLimit,
            To = to,
            Value = value,
            Data = data,
        };

    /// <summary>A type 2 transaction.</summary>
    public static UnsignedTransaction DynamicFee(
        ulong chainId, ulong nonce, UInt256 maxPriorityFeePerGas, UInt256 maxFeePerGas, ulong gasLimit, Address to, UInt256 value, ReadOnlyMemory<byte> data = default) => new()
        {
            Type = TransactionType.DynamicFee,
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = maxPriorityFeePerGas,
            MaxFeePerGas = maxFeePerGas,
            GasLimit = gasLimit,
            To = to,
            Value = value,
            Data = data,
        };

    /// <summary>What is wrong with these fields on any chain and in any state; null where nothing is.</summary>
    public Refusal? Check()
    {
        if (Nonce == ulong.MaxValue)
        {
            return Refuse(TransactionToken.NonceExhausted, "The nonce is the last there is.");
        }

        if (MaxPriorityFeePerGas > MaxFeePerGas)
        {
            return Refuse(TransactionToken.TipAboveFeeCap, $"The tip cap {MaxPriorityFeePerGas} is above the fee cap {MaxFeePerGas}.");
        }

        if (!UInt256.TryMultiply(MaxFeePerGas, GasLimit, out _))
        {
            return Refuse(TransactionToken.FeeOverflow, "Gas limit times price needs more than 256 bits.");
        }

        ulong gas = IntrinsicGas;
        return GasLimit < gas
            ? Refuse(TransactionToken.IntrinsicGasTooLow, "The gas limit is below the intrinsic gas.", (long)GasLimit, (long)gas)
            : null;
    }

    /// <summary>Signs with a key; the sender is the key's address.</summary>
    /// <exception cref="InvalidOperationException">The fields make no valid transaction; the message holds the refusal.</exception>
    public Transaction Sign(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Check() is { } refusal)
        {
            throw new InvalidOperationException($"This transaction would be refused. {refusal}");
        }

        Span<byte> hash = stackalloc byte[Hash256.Size];
        SigningHash.CopyTo(hash);
        Signature signature = Secp256k1.Sign(hash, key);
        byte[] encoded = TransactionCodec.Encode(this, signature);
        return encoded.Length <= Transaction.MaximumSize
            ? new Transaction(this, signature, key.Address, encoded)
            : throw new InvalidOperationException($"This transaction has {encoded.Length} bytes; at most {Transaction.MaximumSize} are taken. Shorten its calldata.");
    }

    private static Refusal Refuse(string token, string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.Isolation, token, detail, seen, allowed);
}
