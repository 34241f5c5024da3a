using System.Collections.Immutable;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Settlement;

/// <summary>What one account earned in a round.</summary>
/// <param name="Miner">The account.</param>
/// <param name="Credit">Sum over its contributions, in the round's loss units.</param>
/// <param name="Passes">Passes issued for it, Q32, before the cap.</param>
/// <param name="PassesLost">Part that the cap at live pending rewards cut off, Q32.</param>
public sealed record CreditEarned(Address Miner, ulong Credit, ulong Passes, ulong PassesLost);

/// <summary>A pending reward that was minted or expired.</summary>
/// <param name="Miner">Its owner.</param>
/// <param name="Height">Height of the block it was for.</param>
/// <param name="Block">Hash of that block.</param>
public sealed record RewardEnded(Address Miner, ulong Height, Hash256 Block);

/// <summary>Everything that the last block of a round did besides its transactions.</summary>
/// <param name="Outcome">The round's result.</param>
/// <param name="Credits">By rising address.</param>
/// <param name="Released">Minted rewards, by rising address, oldest first.</param>
/// <param name="Expired">Rewards that will never be minted, by rising height.</param>
/// <param name="Forfeited">Units that had a place and were not revealed.</param>
/// <param name="ExpiredUnits">Units whose life ended with the round, as they last were, by rising height.</param>
public sealed record RoundEnd(
    RoundOutcome Outcome,
    ImmutableArray<CreditEarned> Credits,
    ImmutableArray<RewardEnded> Released,
    ImmutableArray<RewardEnded> Expired,
    ImmutableArray<WorkUnit> Forfeited,
    ImmutableArray<WorkUnit> ExpiredUnits);
