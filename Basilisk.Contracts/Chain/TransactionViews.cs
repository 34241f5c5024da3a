namespace Basilisk.Contracts.Chain;

/// <summary>What a transaction does.</summary>
public enum TransactionKind
{
    Transfer,
    Commit,
    Reveal,
}

/// <summary>Where a transaction stands.</summary>
public enum TransactionState
{
    /// <summary>In the mempool.</summary>
    Pending,

    /// <summary>In a block of the best chain.</summary>
    Confirmed,

    /// <summary>Was in a block that a reorganisation removed.</summary>
    Orphaned,
}

/// <summary>One row of a list of transactions.</summary>
/// <param name="Hash">Ethereum's transaction hash.</param>
/// <param name="Kind">Transfer or protocol call.</param>
/// <param name="State">Pending, confirmed or orphaned.</param>
/// <param name="From">Sender, EIP-55.</param>
/// <param name="To">Receiver, EIP-55.</param>
/// <param name="ValueWei">Decimal wei.</param>
/// <param name="FeeWei">Paid (or, while pending, at most), decimal wei.</param>
/// <param name="Nonce">Sender's counter.</param>
/// <param name="Height">Block height, null while pending.</param>
/// <param name="BlockHash">Block hash, null while pending.</param>
/// <param name="Index">Place in the block, null while pending.</param>
/// <param name="Time">The block's time, or when this node first saw it; Unix seconds.</param>
public sealed record TransactionSummary(
    string Hash,
    TransactionKind Kind,
    TransactionState State,
    string From,
    string To,
    string ValueWei,
    string FeeWei,
    long Nonce,
    long? Height,
    string? BlockHash,
    int? Index,
    long Time);

/// <summary>A transaction with all its fields.</summary>
/// <param name="Summary">The row of a list.</param>
/// <param name="Type">0 (EIP-155) or 2 (EIP-1559).</param>
/// <param name="GasLimit">Most gas it may use.</param>
/// <param name="GasUsed">Gas charged, null while pending.</param>
/// <param name="MaxFeePerGasWei">Decimal wei; the gas price for type 0.</param>
/// <param name="MaxPriorityFeePerGasWei">Decimal wei; the gas price for type 0.</param>
/// <param name="EffectiveGasPriceWei">What a unit of gas cost, null while pending.</param>
/// <param name="Input">Call data, 0x hex.</param>
/// <param name="RawHex">The signed bytes, 0x hex.</param>
/// <param name="Confirmations">Blocks on top, plus one; 0 while pending.</param>
/// <param name="Unit">The work unit a commit or reveal speaks of.</param>
/// <param name="PayloadHash">Of a reveal.</param>
/// <param name="Memo">A transfer's data read as UTF-8 text, where it is.</param>
public sealed record TransactionView(
    TransactionSummary Summary,
    int Type,
    long GasLimit,
    long? GasUsed,
    string MaxFeePerGasWei,
    string MaxPriorityFeePerGasWei,
    string? EffectiveGasPriceWei,
    string Input,
    string RawHex,
    long Confirmations,
    string? Unit,
    string? PayloadHash,
    string? Memo);
