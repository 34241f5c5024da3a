using Basilisk.Chain.Settlement;
using Basilisk.Exact.Judging;

namespace Basilisk.Node.Chainstate;

/// <summary>Sums over a chain's rounds, in the judge's integers.</summary>
/// <param name="Gain">Σ G of rounds that paid: nats · 2²⁴ summed over Q.</param>
/// <param name="Credit">Σ credit given; equal to <paramref name="Gain"/> by the rules.</param>
/// <param name="Settled">Rounds that moved the model.</param>
/// <param name="HoldoutFirst">Holdout loss of the first judged round's C_r; null before.</param>
/// <param name="HoldoutNow">Holdout loss of the model in force, as last judged; null before.</param>
/// <param name="LastOutcome">Result of the last ended round; null before.</param>
/// <param name="LastReleased">Rewards that round released.</param>
public sealed record ChainTotals(Int128 Gain, Int128 Credit, long Settled, long? HoldoutFirst, long? HoldoutNow, RoundOutcome? LastOutcome, int LastReleased)
{
    public static ChainTotals Zero { get; } = new(0, 0, 0, null, null, null, 0);

    public ChainTotals Add(RoundEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        RoundOutcome outcome = end.Outcome;
        bool judged = outcome.Losses != RoundLosses.None;
        return new ChainTotals(
            outcome.Pays ? Gain + outcome.Gain : Gain,
            end.Credits.Aggregate(Credit, (sum, credit) => sum + credit.Credit),
            outcome.Settled ? Settled + 1 : Settled,
            HoldoutFirst ?? (judged ? outcome.Losses.HoldoutBefore : null),
            judged ? (outcome.Settled ? outcome.Losses.HoldoutAfter : outcome.Losses.HoldoutBefore) : HoldoutNow,
            outcome,
            end.Released.Length);
    }

    /// <summary>A total over a batch as nats per token.</summary>
    public static double PerToken(Int128 total, long tokens) => (double)total / (1L << LossFormat.FractionBits) / tokens;
}
