using System.Numerics;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;

namespace Basilisk.Exact.Settlement;

/// <summary>A step size σ = numerator / denominator. 2/2 moves a model to the same bits as 1/1.</summary>
public readonly record struct StepSize(int Numerator, int Denominator)
{
    public static StepSize None => new(0, 1);

    public static StepSize One => new(1, 1);

    public static StepSize Half => new(1, 2);

    /// <summary>The same size in lowest terms, in which every sum of a step is bounded.</summary>
    internal StepSize Reduced()
    {
        int divisor = (int)BigInteger.GreatestCommonDivisor(Numerator, Denominator);
        return new StepSize(Numerator / divisor, Denominator / divisor);
    }

    public override string ToString() => Denominator == 1 ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}

/// <summary>The loss of one batch with C_r and with the model the round made.</summary>
/// <param name="Before">Σ over sequences with C_r, nats · 2²⁴.</param>
/// <param name="After">The same with M; null where M was not made or not judged on this batch.</param>
/// <param name="Targets">Targets of the batch; divide by it for the loss per token.</param>
public sealed record BatchLoss(long Before, long? After, long Targets);

/// <summary>Stable reasons of a candidate's result and of a round that pays nobody.</summary>
public static class SettlementReasons
{
    public const string Accepted = "accepted";

    /// <summary>The probe did not lower the loss.</summary>
    public const string GainNotPositive = "gain-not-positive";

    /// <summary>The gain lies within its error: of a probe, or of the whole round on Q.</summary>
    public const string GainNotSignificant = "gain-not-significant";

    /// <summary>What the probe gained, the public already knew.</summary>
    public const string GainAlreadyPublic = "gain-already-public";

    public const string NoContributions = "no-contributions";

    public const string NoneAccepted = "none-accepted";

    public const string HoldoutWorse = "holdout-worse";

    /// <summary>Nobody could be paid, and the model moved along what the standstill had made public.</summary>
    public const string PublicStep = "public-step";
}

/// <summary>What a round says about one candidate. Gains, errors and shares are totals over P in nats · 2²⁴.</summary>
/// <param name="Id">The candidate.</param>
/// <param name="Gain">g, of the probe.</param>
/// <param name="GainError">s, its paired standard error.</param>
/// <param name="FreshGain">f; equals g where g alone refuses the candidate.</param>
/// <param name="Accepted">Whether it is part of the step.</param>
/// <param name="Reason">See <see cref="SettlementReasons"/>.</param>
/// <param name="Weight">w, Q16; 0 unless accepted.</param>
/// <param name="LeaveOneOut">b; 0 unless the round pays.</param>
/// <param name="Share">t; 0 unless the round pays.</param>
/// <param name="Credit">Part of the round's gain, in the unit of <see cref="SettlementResult.Gain"/>.</param>
public sealed record CandidateResult(
    Hash256 Id,
    long Gain,
    long GainError,
    long FreshGain,
    bool Accepted,
    string Reason,
    int Weight,
    long LeaveOneOut,
    long Share,
    long Credit);

/// <summary>What judging the round took.</summary>
/// <param name="Evaluations">Forward passes over a whole batch, all together.</param>
/// <param name="PublicDirections">Of these, probes of public directions.</param>
/// <param name="Targets">Targets judged, all together.</param>
public sealed record SettlementCost(int Evaluations, int PublicDirections, long Targets);

/// <summary>The result of a round: a function of its <see cref="SettlementInput"/>, the same bits on every machine.</summary>
public sealed record SettlementResult
{
    /// <summary>Whether the model moves.</summary>
    public required bool Settled { get; init; }

    /// <summary>Why nobody earns credit; null where somebody does. See <see cref="SettlementReasons"/>.</summary>
    public required string? UnpaidReason { get; init; }

    /// <summary>Whether credits are given.</summary>
    public bool Pays => Settled && UnpaidReason is null;

    /// <summary>σ; zero where no step was taken.</summary>
    public required StepSize Step { get; init; }

    /// <summary>G, total over Q in nats · 2²⁴; null where no step came to be confirmed. Credits sum to it where they are given.</summary>
    public required long? Gain { get; init; }

    /// <summary>S, the paired standard error of G.</summary>
    public required long? GainError { get; init; }

    public required BatchLoss? Paid { get; init; }

    public required BatchLoss? Confirmation { get; init; }

    /// <summary>The quality chart's point; null where there was nothing to judge.</summary>
    public required BatchLoss? Holdout { get; init; }

    /// <summary>In the input's order.</summary>
    public required IReadOnlyList<CandidateResult> Candidates { get; init; }

    /// <summary>C_{r+1}.</summary>
    public required Checkpoint Next { get; init; }

    public required SettlementCost Cost { get; init; }
}

/// <summary>How far the judging of a round is.</summary>
/// <param name="Stage">probe, public, step, confirm or credit.</param>
/// <param name="Evaluations">Forward passes done.</param>
/// <param name="AtMost">Forward passes the round can take at most, as far as known now.</param>
public sealed record SettlementProgress(string Stage, int Evaluations, int AtMost);
