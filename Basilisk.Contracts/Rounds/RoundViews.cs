namespace Basilisk.Contracts.Rounds;

/// <summary>How a round ended.</summary>
public enum RoundState
{
    /// <summary>Still running.</summary>
    Open,

    /// <summary>The model moved and credit was given.</summary>
    Settled,

    /// <summary>No confirmed improvement: nothing moved, nothing released.</summary>
    Empty,

    /// <summary>Nobody's own work could be confirmed: the model moved along what earlier rounds had made public, nothing was released.</summary>
    Unpaid,
}

/// <summary>One row of a list of rounds.</summary>
/// <param name="Number">First round is 0.</param>
/// <param name="State">Open, settled, empty or unpaid.</param>
/// <param name="FirstHeight">First height of the round.</param>
/// <param name="LastHeight">Last height of the round.</param>
/// <param name="ContributionCount">Contributions revealed.</param>
/// <param name="AcceptedCount">Contributions accepted by the probe.</param>
/// <param name="GainNats">Confirmed improvement G, nats per token; 0 while open or empty.</param>
/// <param name="GainErrorNats">Its standard error S.</param>
/// <param name="Released">Rewards minted at its settlement.</param>
/// <param name="Step">The step σ that was taken; 0 where none was.</param>
/// <param name="Reason">Token that says why the round pays nobody; null otherwise.</param>
/// <param name="Time">Time of its last block, Unix seconds; null while open.</param>
public sealed record RoundSummary(
    int Number,
    RoundState State,
    long FirstHeight,
    long LastHeight,
    int ContributionCount,
    int AcceptedCount,
    double GainNats,
    double GainErrorNats,
    int Released,
    double Step,
    string? Reason,
    long? Time);

/// <summary>A round with its contributions.</summary>
/// <param name="Summary">The row of a list.</param>
/// <param name="Phase">train, reveal, judge or settled.</param>
/// <param name="ModelRoot">Checkpoint in force during the round.</param>
/// <param name="NextModelRoot">Checkpoint in force after it, null while open.</param>
/// <param name="EvaluationSeed">Seed of the judged batches, null until the reveal phase ended.</param>
/// <param name="PaidLossBefore">Loss of C_r on the paid set, nats per token.</param>
/// <param name="PaidLossAfter">Loss of the new model on the paid set.</param>
/// <param name="ConfirmationLossBefore">Loss of C_r on the confirmation set.</param>
/// <param name="ConfirmationLossAfter">Loss of the new model on the confirmation set.</param>
/// <param name="HoldoutLossBefore">Loss of C_r on the holdout.</param>
/// <param name="HoldoutLossAfter">Loss of the new model on the holdout.</param>
/// <param name="Contributions">Every contribution, by credit.</param>
public sealed record RoundView(
    RoundSummary Summary,
    string Phase,
    string ModelRoot,
    string? NextModelRoot,
    string? EvaluationSeed,
    double? PaidLossBefore,
    double? PaidLossAfter,
    double? ConfirmationLossBefore,
    double? ConfirmationLossAfter,
    double? HoldoutLossBefore,
    double? HoldoutLossAfter,
    IReadOnlyList<ContributionView> Contributions);

/// <summary>Where a contribution stands.</summary>
public enum ContributionState
{
    Open,
    Committed,
    Revealed,
    Accepted,
    Refused,
    Forfeited,
}

/// <summary>From block to reward: a unit, what was made of it, what it gained, what it released.</summary>
/// <param name="Unit">The unit's id: the hash of the block that drew it.</param>
/// <param name="UnitHeight">Height of that block.</param>
/// <param name="Miner">Owner of the unit, EIP-55.</param>
/// <param name="Round">Round it was committed in; the round it was drawn in while open.</param>
/// <param name="State">Open, committed, revealed, accepted, refused or forfeited.</param>
/// <param name="CommitTransaction">Hash, if committed.</param>
/// <param name="RevealTransaction">Hash, if revealed.</param>
/// <param name="PayloadHash">Of the payload, if revealed.</param>
/// <param name="PayloadBytes">Size, if revealed.</param>
/// <param name="ProbeGainNats">g_i, nats per token.</param>
/// <param name="ProbeErrorNats">s_i, its standard error.</param>
/// <param name="FreshGainNats">f_i, what the public did not know.</param>
/// <param name="Weight">w_i / W, share of the step.</param>
/// <param name="LeaveOneOutNats">b_i, what the model would lose without it.</param>
/// <param name="CreditNats">Share of the round's confirmed gain.</param>
/// <param name="PassesEarned">Passes this contribution earned.</param>
/// <param name="Reason">Token that says why it was refused or forfeited.</param>
public sealed record ContributionView(
    string Unit,
    long UnitHeight,
    string Miner,
    int Round,
    ContributionState State,
    string? CommitTransaction,
    string? RevealTransaction,
    string? PayloadHash,
    long? PayloadBytes,
    double? ProbeGainNats,
    double? ProbeErrorNats,
    double? FreshGainNats,
    double? Weight,
    double? LeaveOneOutNats,
    double? CreditNats,
    double? PassesEarned,
    string? Reason);
