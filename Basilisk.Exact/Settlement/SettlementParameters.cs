namespace Basilisk.Exact.Settlement;

/// <summary>The constants of a round's settlement. Defaults are the protocol's (§7); each reason stands beside its number.</summary>
public sealed record SettlementParameters
{
    /// <summary>Most candidates of a round: keeps Σ wᵢδᵢ of 2¹⁶ · 2³¹ each, times a step of 8, inside 64 bits.</summary>
    public const int MaxCandidates = 4096;

    /// <summary>Most targets of one batch: keeps every total below 2²⁴ · 128 nats · 2²⁴ = 2⁵⁵.</summary>
    public const long MaxBatchTargets = 1L << 24;

    /// <summary>Past checkpoints that count as public knowledge.</summary>
    public const int MaxPast = 8;

    /// <summary>Largest probe divisor D: D/2 · σ · f of a share, at most 16 · 8 · 2⁵⁵, stays below 2⁶³.</summary>
    public const int MaxProbeDivisor = 32;

    /// <summary>A candidate is probed at 1/8 of its size: late honest work passes there at 3 errors, at full size one in three.</summary>
    public int ProbeDivisor { get; init; } = 8;

    /// <summary>A gain counts from this many standard errors on.</summary>
    public int Significance { get; init; } = 3;

    /// <summary>The most that the holdout's loss may rise, in nats · 2⁻²⁴ per target: 0.005 nats, ten times the gain of a late round.</summary>
    public long HoldoutTolerance { get; init; } = 83_886;

    /// <summary>
    /// 0: every public direction that could matter is probed. m &gt; 0: a direction with which no candidate that is still in has
    /// cos² ≥ 1/m is not, which saves evaluations and lets at most 1/√m of that direction's gain through.
    /// </summary>
    public int PublicCosineFloor { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ProbeDivisor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ProbeDivisor, MaxProbeDivisor);
        ArgumentOutOfRangeException.ThrowIfLessThan(Significance, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Significance, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfNegative(HoldoutTolerance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HoldoutTolerance, 1L << 31);
        ArgumentOutOfRangeException.ThrowIfNegative(PublicCosineFloor);
    }
}
