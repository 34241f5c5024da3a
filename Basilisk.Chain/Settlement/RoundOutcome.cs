using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Settlement;

/// <summary>Total losses of the three sets before and after a round's step: nats · 2²⁴, summed over the set's targets.</summary>
/// <param name="PaidBefore">Of C_r on P.</param>
/// <param name="PaidAfter">Of the stepped model on P; equal to before where no step was tried.</param>
/// <param name="ConfirmationBefore">Of C_r on Q.</param>
/// <param name="ConfirmationAfter">Of the stepped model on Q.</param>
/// <param name="HoldoutBefore">Of C_r on H.</param>
/// <param name="HoldoutAfter">Of the stepped model on H.</param>
public sealed record RoundLosses(
    long PaidBefore,
    long PaidAfter,
    long ConfirmationBefore,
    long ConfirmationAfter,
    long HoldoutBefore,
    long HoldoutAfter)
{
    public static RoundLosses None { get; } = new(0, 0, 0, 0, 0, 0);
}

/// <summary>What the settlement found of one contribution. Losses and gains: nats · 2²⁴, summed over the set.</summary>
/// <param name="Unit">The work unit.</param>
/// <param name="Miner">Its owner.</param>
/// <param name="ProbeGain">g.</param>
/// <param name="ProbeError">s, standard error of g.</param>
/// <param name="FreshGain">f, what the public did not know.</param>
/// <param name="Accepted">Whether it took part in the step.</param>
/// <param name="Reason">Token that says why not; empty where accepted.</param>
/// <param name="Weight">w, Q16; 0 unless accepted.</param>
/// <param name="LeaveOneOut">b, what the model loses without it.</param>
/// <param name="Share">t, what credit is in proportion to.</param>
/// <param name="Credit">Its part of the round's gain.</param>
public sealed record ContributionOutcome(
    Hash256 Unit,
    Address Miner,
    long ProbeGain,
    long ProbeError,
    long FreshGain,
    bool Accepted,
    string Reason,
    int Weight,
    long LeaveOneOut,
    long Share,
    long Credit);

/// <summary>
/// The result of a round, as every full node computes it from the round's payloads. The Keccak-256 of its canonical
/// bytes is the rounds root of the round's last block; what it says of the model is that block's model root.
/// </summary>
/// <param name="Round">The round.</param>
/// <param name="ModelRoot">C_r, the checkpoint judged against.</param>
/// <param name="EvaluationSeed">Seed of the judged batches.</param>
/// <param name="Settled">Whether the model moved.</param>
/// <param name="Reason">Token that says why the round pays nobody; empty where it pays.</param>
/// <param name="Gain">G: confirmed improvement on Q, nats · 2²⁴ summed over its targets. Of an empty round: as measured, or 0.</param>
/// <param name="GainError">S, its standard error.</param>
/// <param name="StepHalves">σ in halves: 2 for a step of 1; 0 where none was taken.</param>
/// <param name="Losses">Losses before and after.</param>
/// <param name="Contributions">Every revealed contribution, by rising unit.</param>
/// <param name="NextModelRoot">C_{r+1}; equal to <paramref name="ModelRoot"/> unless settled.</param>
public sealed record RoundOutcome(
    ulong Round,
    Hash256 ModelRoot,
    Hash256 EvaluationSeed,
    bool Settled,
    string Reason,
    long Gain,
    long GainError,
    uint StepHalves,
    RoundLosses Losses,
    ImmutableArray<ContributionOutcome> Contributions,
    Hash256 NextModelRoot)
{
    /// <summary>Reason of a round in which nobody revealed anything.</summary>
    public const string NoContributions = "no-contributions";

    /// <summary>Whether credit is given. A round that moved the model along what was public pays nobody.</summary>
    public bool Pays => Settled && Reason.Length == 0;

    /// <summary>Whether the model moved along what was public.</summary>
    public bool IsPublicStep => Settled && !Pays;

    private object? _hash; // boxed: a reference is published whole to other threads

    /// <summary>Keccak-256 of <see cref="RoundOutcomeCodec.Encode"/>: the rounds root.</summary>
    public Hash256 Hash => (Hash256)(_hash ??= Keccak256.Hash(RoundOutcomeCodec.Encode(this)));

    /// <summary>The result of a round without reveals: it needs no judge.</summary>
    public static RoundOutcome Empty(ulong round, Hash256 modelRoot, Hash256 evaluationSeed) => new(
        round, modelRoot, evaluationSeed, false, NoContributions, 0, 0, 0, RoundLosses.None, [], modelRoot);

    private RoundOutcome(RoundOutcome original)
    {
        (Round, ModelRoot, EvaluationSeed, Settled, Reason) =
            (original.Round, original.ModelRoot, original.EvaluationSeed, original.Settled, original.Reason);
        (Gain, GainError, StepHalves, Losses, Contributions, NextModelRoot) =
            (original.Gain, original.GainError, original.StepHalves, original.Losses, original.Contributions, original.NextModelRoot);
    }

    public bool Equals(RoundOutcome? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();
}
