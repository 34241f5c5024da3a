using Basilisk.Chain.Settlement;
using Basilisk.Node.Genesis;

namespace Basilisk.Node.Verification;

/// <summary>What <c>rounds.json</c> of an export holds; names in snake_case, hashes as 0x hex, losses in nats · 2²⁴.</summary>
/// <param name="Network">The constants of judging.</param>
/// <param name="Rounds">By rising number.</param>
public sealed record ExportedRounds(ExportedNetwork Network, IReadOnlyList<ExportedRound> Rounds);

/// <summary>The constants that judging needs beside a checkpoint's shape.</summary>
public sealed record ExportedNetwork(
    string Name,
    string ParametersHash,
    string CorpusRoot,
    string GenesisModelRoot,
    int K,
    int LevelBits,
    int PaidWindows,
    int ConfirmationWindows,
    int HoldoutWindows,
    int Significance,
    int ProbeDivisor,
    long HoldoutTolerance,
    int PublicCosineFloor)
{
    public static ExportedNetwork Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Chain.Parameters.NetworkParameters parameters = network.Parameters;
        Chain.Parameters.JudgingParameters judging = parameters.Judging;
        return new ExportedNetwork(
            parameters.Name,
            parameters.Hash.ToString(),
            network.Artefacts.Corpus.Root.ToString(),
            parameters.Model.GenesisModelRoot.ToString(),
            parameters.Payload.EntriesPerChunk,
            parameters.Payload.LevelBits,
            judging.PaidWindows,
            judging.ConfirmationWindows,
            judging.HoldoutWindows,
            judging.Settlement.Significance,
            judging.Settlement.ProbeDivisor,
            judging.Settlement.HoldoutTolerance,
            judging.Settlement.PublicCosineFloor);
    }
}

/// <summary>A round's question and its recorded answer.</summary>
/// <param name="Round">The round.</param>
/// <param name="ModelRoot">C_r; its bytes lie in <c>checkpoints/</c>.</param>
/// <param name="EvaluationSeed">Seed of the batches.</param>
/// <param name="Past">C_{r−1}, C_{r−2} …, newest first.</param>
/// <param name="PastPayloads">Of rounds r − 1, r − 2 …; none of an older round that moved the model. Their bytes lie in <c>payloads/</c>.</param>
/// <param name="Contributions">The round's payloads, by rising unit.</param>
/// <param name="RoundsRoot">Keccak-256 of the result's bytes, as the round's last header has it.</param>
/// <param name="Outcome">The result.</param>
public sealed record ExportedRound(
    ulong Round,
    string ModelRoot,
    string EvaluationSeed,
    IReadOnlyList<string> Past,
    IReadOnlyList<IReadOnlyList<string>> PastPayloads,
    IReadOnlyList<ExportedPayload> Contributions,
    string RoundsRoot,
    ExportedOutcome Outcome);

/// <summary>A unit and the payload revealed for it.</summary>
public sealed record ExportedPayload(string Unit, string Payload);

/// <summary>A recorded result; the names are those of docs/protocol.md §7.</summary>
public sealed record ExportedOutcome(
    bool Settled,
    string Reason,
    long Gain,
    long GainError,
    uint StepHalves,
    long PaidBefore,
    long PaidAfter,
    long ConfirmationBefore,
    long ConfirmationAfter,
    long HoldoutBefore,
    long HoldoutAfter,
    string NextModelRoot,
    IReadOnlyList<ExportedContribution> Contributions)
{
    public static ExportedOutcome Of(RoundOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        RoundLosses losses = outcome.Losses;
        return new ExportedOutcome(
            outcome.Settled, outcome.Reason, outcome.Gain, outcome.GainError, outcome.StepHalves, losses.PaidBefore, losses.PaidAfter, losses.ConfirmationBefore,
            losses.ConfirmationAfter, losses.HoldoutBefore, losses.HoldoutAfter, outcome.NextModelRoot.ToString(), [.. outcome.Contributions.Select(ExportedContribution.Of)]);
    }
}

/// <summary>What was found of one contribution.</summary>
public sealed record ExportedContribution(
    string Unit, long ProbeGain, long ProbeError, long FreshGain, bool Accepted, string Reason, int Weight, long LeaveOneOut, long Share, long Credit)
{
    public static ExportedContribution Of(ContributionOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return new ExportedContribution(
            outcome.Unit.ToString(), outcome.ProbeGain, outcome.ProbeError, outcome.FreshGain, outcome.Accepted, outcome.Reason, outcome.Weight, outcome.LeaveOneOut,
            outcome.Share, outcome.Credit);
    }
}
