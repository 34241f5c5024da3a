using Basilisk.Chain.Primitives;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Fees;

/// <summary>What a transaction pays.</summary>
/// <param name="GasUsed">Its intrinsic gas: there is no code to run.</param>
/// <param name="PricePerGas">Wei per gas that the sender pays.</param>
/// <param name="Burned">Wei of base fee, taken out of existence.</param>
/// <param name="Tip">Wei to the miner.</param>
public readonly record struct TransactionCharge(ulong GasUsed, UInt256 PricePerGas, UInt256 Burned, UInt256 Tip)
{
    public UInt256 Total => Burned + Tip;

    /// <summary>
    /// The charge in a block of this base fee. A protocol call owes no base fee: nobody has a coin before his first
    /// contribution is paid, and the unit it spends was paid for with work. A tip it offers goes to the miner.
    /// </summary>
    /// <param name="transaction">Offers at least the base fee, unless it is a protocol call.</param>
    /// <param name="isProtocolCall">Whether it is a commit or a reveal.</param>
    /// <param name="baseFee">Wei per gas.</param>
    public static TransactionCharge Of(Transaction transaction, bool isProtocolCall, UInt256 baseFee)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        UInt256 owed = isProtocolCall ? UInt256.Zero : baseFee;
        UInt256 tip = UInt256.Min(transaction.MaxPriorityFeePerGas, transaction.MaxFeePerGas - owed);
        ulong gas = transaction.IntrinsicGas;
        return new TransactionCharge(gas, owed + tip, owed * gas, tip * gas);
    }
}
