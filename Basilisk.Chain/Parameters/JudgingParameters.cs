using Basilisk.Exact.Settlement;

namespace Basilisk.Chain.Parameters;

/// <summary>What a round is judged on. A window has as many targets as the model's context.</summary>
/// <param name="PaidWindows">Windows of the paid set P.</param>
/// <param name="ConfirmationWindows">Windows of the confirmation set Q, disjoint from P.</param>
/// <param name="HoldoutWindows">Windows of the holdout H.</param>
/// <param name="HoldoutPermille">Share of the corpus, at its end, that is never trained on, in thousandths.</param>
/// <param name="Settlement">Constants of the settlement arithmetic.</param>
public sealed record JudgingParameters(
    int PaidWindows,
    int ConfirmationWindows,
    int HoldoutWindows,
    int HoldoutPermille,
    SettlementParameters Settlement);
