namespace Basilisk.Chain.Transactions;

/// <summary>The Ethereum transaction forms that Basilisk takes. The number is the one on the wire.</summary>
public enum TransactionType
{
    /// <summary>Type 0: one gas price, replay protection by EIP-155.</summary>
    Legacy = 0,

    /// <summary>Type 2: a fee cap and a tip cap (EIP-1559).</summary>
    DynamicFee = 2,
}
