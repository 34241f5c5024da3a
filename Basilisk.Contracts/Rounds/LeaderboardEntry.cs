namespace Basilisk.Contracts.Rounds;

/// <summary>One account's standing.</summary>
/// <param name="Rank">By credit; first is 1.</param>
/// <param name="Address">EIP-55.</param>
/// <param name="CreditNats">Confirmed improvement credited, all time.</param>
/// <param name="CreditShare">Its share of all credit, 0–1.</param>
/// <param name="Contributions">Contributions accepted.</param>
/// <param name="BlocksMined">Blocks of the best chain.</param>
/// <param name="ReleasedWei">Minted to it, decimal wei.</param>
/// <param name="PendingRewards">Waiting for a pass.</param>
/// <param name="LastRound">Last round it was credited in; null if never.</param>
public sealed record LeaderboardEntry(
    int Rank,
    string Address,
    double CreditNats,
    double CreditShare,
    long Contributions,
    long BlocksMined,
    string ReleasedWei,
    int PendingRewards,
    int? LastRound);
