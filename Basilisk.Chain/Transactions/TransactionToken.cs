namespace Basilisk.Chain.Transactions;

/// <summary>Stable tokens of what makes a transaction invalid by itself. RLP's own are in <see cref="Rlp.RlpToken"/>.</summary>
public static class TransactionToken
{
    public const string Empty = "transaction-empty";

    /// <summary>More than <see cref="Transaction.MaximumSize"/> bytes.</summary>
    public const string TooLarge = "transaction-too-large";

    /// <summary>A type other than 0 and 2.</summary>
    public const string TypeUnsupported = "transaction-type-unsupported";

    /// <summary>No recipient: Basilisk runs no contracts.</summary>
    public const string ContractCreationUnsupported = "contract-creation-unsupported";

    /// <summary>Nonce 2⁶⁴ − 1, after which the account could send nothing (EIP-2681).</summary>
    public const string NonceExhausted = "nonce-exhausted";

    /// <summary>Gas limit times price needs more than 256 bits.</summary>
    public const string FeeOverflow = "fee-overflow";

    public const string TipAboveFeeCap = "tip-above-fee-cap";

    /// <summary>The gas limit does not pay for the transaction's own bytes.</summary>
    public const string IntrinsicGasTooLow = "intrinsic-gas-too-low";

    /// <summary>A chain id that needs more than 64 bits.</summary>
    public const string ChainIdTooLarge = "chain-id-too-large";

    /// <summary>v of a type 0 transaction that is neither 27, 28 nor 35 or more.</summary>
    public const string SignatureVInvalid = "signature-v-invalid";

    /// <summary>y parity of a type 2 transaction that is neither 0 nor 1.</summary>
    public const string SignatureYParityInvalid = "signature-y-parity-invalid";

    /// <summary>r or s is zero or not below the group order.</summary>
    public const string SignatureOutOfRange = "signature-out-of-range";

    /// <summary>s lies in the upper half (EIP-2).</summary>
    public const string SignatureHighS = "signature-high-s";

    /// <summary>No key could have made the signature.</summary>
    public const string SignatureNotRecoverable = "signature-not-recoverable";

    /// <summary>A transaction to the protocol address whose calldata names no call.</summary>
    public const string ProtocolCallUnknown = "protocol-call-unknown";

    /// <summary>A protocol call whose calldata is not exactly its arguments.</summary>
    public const string ProtocolCallLength = "protocol-call-length";
}
