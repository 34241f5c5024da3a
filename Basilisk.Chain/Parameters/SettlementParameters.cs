namespace Basilisk.Chain.Parameters;

/// <summary>Numbers of a round's settlement (protocol §7). The arithmetic itself lives in Basilisk.Exact.</summary>
/// <param name="PaidTokens">Targets of the paid set P.</param>
/// <param name="ConfirmationTokens">Targets of the confirmation set Q, disjoint from P.</param>
/// <param name="HoldoutTokens">Targets of the holdout H.</param>
/// <param name="HoldoutPerMille">Share of the corpus, at its end, that is never trained on, in thousandths.</param>
/// <param name="ProbeShift">A probe adds the delta divided by 2^shift: 3 for an eighth.</param>
/// <param name="AcceptErrors">Standard errors a fresh gain must reach to be accepted.</param>
/// <param name="ConfirmErrors">Standard errors the confirmed gain must reach for the round to settle.</param>
/// <param name="HoldoutTolerance">By how much the holdout loss may rise, in nats · 2²⁴ per token.</param>
public sealed record SettlementParameters(
    uint PaidTokens,
    uint ConfirmationTokens,
    uint HoldoutTokens,
    uint HoldoutPerMille,
    uint ProbeShift,
    uint AcceptErrors,
    uint ConfirmErrors,
    ulong HoldoutTolerance);
