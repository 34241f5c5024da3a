using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;

namespace Basilisk.Chain.Settlement;

/// <summary>How credit becomes passes (protocol §8). Q32: 2³² is one pass.</summary>
public static class PassRule
{
    /// <summary>Passes for an account's credit: ⌊credit · R · 2³² / (kappa · gain)⌋.</summary>
    /// <param name="credit">The account's credit in the round, at most <paramref name="gain"/>.</param>
    /// <param name="gain">The round's confirmed gain, above 0.</param>
    /// <param name="roundLength">R.</param>
    /// <param name="rewards">Holds kappa.</param>
    public static ulong Issued(ulong credit, ulong gain, uint roundLength, RewardParameters rewards)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        ArgumentOutOfRangeException.ThrowIfZero(gain);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(credit, gain);

        // credit / gain ≤ 1 and R · denominator < 2^32 (checked with the parameters): below 2^64 before kappa divides.
        UInt128 rate = (UInt128)roundLength * rewards.KappaDenominator << 32;
        UInt128 scaled = MultiplyDivide(rate, credit, gain);
        return checked((ulong)(scaled / rewards.KappaNumerator));
    }

    /// <summary>
    /// What an account holds after the issue: capped at its live pending rewards, at least one, so that gain hoarded
    /// while it was cheap buys nothing later.
    /// </summary>
    public static ulong Capped(ulong held, ulong issued, ulong pendingRewards) =>
        Math.Min(checked(held + issued), checked(Math.Max(1, pendingRewards) * Account.WholePass));

    /// <summary>⌊rate · credit / gain⌋ for a rate below 2^64.</summary>
    private static UInt128 MultiplyDivide(UInt128 rate, ulong credit, ulong gain) => checked(rate * credit) / gain;
}
