using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Validation;

/// <summary>What a transaction did. A transaction that cannot apply cannot be in a block, so there is no status.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Index">Its place in the block.</param>
/// <param name="GasUsed">Gas charged.</param>
/// <param name="PricePerGas">Wei per gas paid.</param>
/// <param name="Burned">Wei burned.</param>
/// <param name="Tip">Wei to the miner.</param>
/// <param name="Unit">The unit after a commit or reveal, null for a transfer.</param>
public sealed record Receipt(
    Transaction Transaction,
    int Index,
    ulong GasUsed,
    UInt256 PricePerGas,
    UInt256 Burned,
    UInt256 Tip,
    WorkUnit? Unit);

/// <summary>A block on its chain, with all it did.</summary>
/// <param name="Block">The block.</param>
/// <param name="State">The state after it.</param>
/// <param name="Undo">Takes it off again.</param>
/// <param name="BaseFee">Wei per gas in this block.</param>
/// <param name="Receipts">One per transaction, in order.</param>
/// <param name="ParentUnit">
/// The unit and pending reward of the block before, which enter the state here: a block cannot know its own hash.
/// Null on top of genesis.
/// </param>
/// <param name="WithoutPlace">Units committed in this round that drew no place in it; only in the first block of a reveal phase.</param>
/// <param name="RoundEnd">What the end of the round did; null unless this is a round's last block.</param>
/// <param name="Accounts">Every account the block wrote to, as it is after the block, by rising address.</param>
public sealed record ConnectedBlock(
    Block Block,
    ChainState State,
    BlockUndo Undo,
    UInt256 BaseFee,
    ImmutableArray<Receipt> Receipts,
    WorkUnit? ParentUnit,
    ImmutableArray<WorkUnit> WithoutPlace,
    RoundEnd? RoundEnd,
    ImmutableArray<TouchedAccount> Accounts)
{
    public ulong GasUsed => Receipts.Aggregate(0UL, (sum, receipt) => sum + receipt.GasUsed);
}
