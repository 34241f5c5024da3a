namespace Basilisk.Contracts.Chain;

/// <summary>An account as of the tip.</summary>
/// <param name="Address">EIP-55.</param>
/// <param name="BalanceWei">Decimal wei.</param>
/// <param name="Nonce">Transactions sent.</param>
/// <param name="CreditNats">Confirmed improvement it was credited with, in nats, all time.</param>
/// <param name="Passes">Passes held now.</param>
/// <param name="PendingRewards">Mined blocks that wait for a pass.</param>
/// <param name="PendingWei">25 BSK for each of them, decimal wei.</param>
/// <param name="ReleasedRewards">Mined blocks that were minted.</param>
/// <param name="ExpiredRewards">Mined blocks that never will be.</param>
/// <param name="OpenUnits">Work units it may still contribute to.</param>
/// <param name="BlocksMined">All time.</param>
/// <param name="TransactionCount">Sent and received.</param>
/// <param name="Height">Tip the figures belong to.</param>
public sealed record AddressView(
    string Address,
    string BalanceWei,
    long Nonce,
    double CreditNats,
    double Passes,
    int PendingRewards,
    string PendingWei,
    long ReleasedRewards,
    long ExpiredRewards,
    int OpenUnits,
    long BlocksMined,
    long TransactionCount,
    long Height);

/// <summary>One mined block's 25 BSK from the miner's point of view.</summary>
/// <param name="Height">Height of the block.</param>
/// <param name="BlockHash">Its hash.</param>
/// <param name="State">Pending, released or expired.</param>
/// <param name="ExpiresAtRound">Last round whose settlement can release it.</param>
/// <param name="SettledAtRound">Round that released or expired it.</param>
public sealed record RewardView(long Height, string BlockHash, RewardState State, int ExpiresAtRound, int? SettledAtRound);
