using Basilisk.Chain.Primitives;
using Basilisk.Chain.Transactions;

namespace Basilisk.Node.Mempool;

/// <summary>A transaction that waits.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Payload">Payload of a reveal.</param>
/// <param name="IsProtocolCall">Whether it is a commit or reveal: it owes no base fee.</param>
/// <param name="FirstSeen">Unix seconds.</param>
/// <param name="Order">Arrival, for ties.</param>
public sealed record PooledTransaction(Transaction Transaction, ReadOnlyMemory<byte>? Payload, bool IsProtocolCall, long FirstSeen, long Order)
{
    /// <summary>Most wei it can take from its sender; the largest number where the sum leaves 256 bits, which nobody has.</summary>
    public UInt256 MostCost => UInt256.TryAdd(Transaction.Value, Transaction.MaxFeePerGas * Transaction.GasLimit, out UInt256 sum) ? sum : UInt256.MaxValue;

    /// <summary>Wei per gas that would go to the miner at this base fee; null where it does not pay the base fee.</summary>
    public UInt256? TipAt(UInt256 baseFee)
    {
        UInt256 owed = IsProtocolCall ? UInt256.Zero : baseFee;
        return UInt256.TrySubtract(Transaction.MaxFeePerGas, owed, out UInt256 room)
            ? UInt256.Min(room, Transaction.MaxPriorityFeePerGas)
            : null;
    }
}
