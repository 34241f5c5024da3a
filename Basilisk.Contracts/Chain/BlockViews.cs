namespace Basilisk.Contracts.Chain;

/// <summary>Where the pending 25 BSK of a block stand.</summary>
public enum RewardState
{
    /// <summary>Waits for its miner to earn a pass.</summary>
    Pending,

    /// <summary>Minted to its miner.</summary>
    Released,

    /// <summary>Never minted: no verified improvement came in time.</summary>
    Expired,
}

/// <summary>One row of a list of blocks.</summary>
/// <param name="Height">Position in the chain; genesis is 0.</param>
/// <param name="Hash">0x and 64 digits.</param>
/// <param name="Miner">EIP-55 address.</param>
/// <param name="Time">The header's time, Unix seconds.</param>
/// <param name="TransactionCount">Transactions in the block.</param>
/// <param name="PayloadCount">Contributions revealed in the block.</param>
/// <param name="SizeBytes">Header, transactions and side-car.</param>
/// <param name="Round">Round the height belongs to.</param>
/// <param name="Phase">Phase of the height: train, reveal or judge.</param>
/// <param name="Reward">State of the block's 25 BSK.</param>
public sealed record BlockSummary(
    long Height,
    string Hash,
    string Miner,
    long Time,
    int TransactionCount,
    int PayloadCount,
    long SizeBytes,
    int Round,
    string Phase,
    RewardState Reward);

/// <summary>A block with everything its header says.</summary>
/// <param name="Summary">The row of a list.</param>
/// <param name="ParentHash">Hash of the block before.</param>
/// <param name="Target">Compact target as in the header, 0x and 8 digits.</param>
/// <param name="Difficulty">Expected hashes for this block, decimal.</param>
/// <param name="Nonce">0x and 16 digits.</param>
/// <param name="BaseFeeWei">Base fee per gas, decimal wei.</param>
/// <param name="GasUsed">Gas of all its transactions.</param>
/// <param name="GasLimit">Most gas a block may use.</param>
/// <param name="FeesBurnedWei">Base fees burned, decimal wei.</param>
/// <param name="TipsWei">Tips paid to the miner, decimal wei.</param>
/// <param name="TransactionsRoot">Root over the transactions.</param>
/// <param name="StateRoot">Root of all accounts after the block.</param>
/// <param name="ModelRoot">Root of the checkpoint in force after the block.</param>
/// <param name="RoundsRoot">Hash of the last settled round's result.</param>
/// <param name="SidecarRoot">Root over the payloads.</param>
/// <param name="ExtraData">The miner's 0–32 bytes, 0x hex.</param>
/// <param name="HeaderHex">The header's bytes, 0x hex: hash them with Keccak-256 to check the work.</param>
/// <param name="Unit">The work unit this block drew (its hash), for <c>/api/contributions/{unit}</c>.</param>
/// <param name="ReleasedAtRound">Round whose settlement released or expired the reward, if it happened.</param>
/// <param name="Transactions">In block order.</param>
/// <param name="Confirmations">Blocks on top, plus one.</param>
/// <param name="PreviousHash">Neighbour below, or null at genesis.</param>
/// <param name="NextHash">Neighbour above, or null at the tip.</param>
public sealed record BlockView(
    BlockSummary Summary,
    string ParentHash,
    string Target,
    string Difficulty,
    string Nonce,
    string BaseFeeWei,
    long GasUsed,
    long GasLimit,
    string FeesBurnedWei,
    string TipsWei,
    string TransactionsRoot,
    string StateRoot,
    string ModelRoot,
    string RoundsRoot,
    string SidecarRoot,
    string ExtraData,
    string HeaderHex,
    string Unit,
    int? ReleasedAtRound,
    IReadOnlyList<TransactionSummary> Transactions,
    long Confirmations,
    string? PreviousHash,
    string? NextHash)
{
    /// <summary>Whether a reorganisation took the block off the chain.</summary>
    public bool Orphaned { get; init; }
}
