using System.Text.Json.Serialization;

namespace Basilisk.Simulation.Learning;

/// <summary>What participants reached together, beside one optimiser that saw as many tokens.</summary>
/// <param name="Participants">How many trained.</param>
/// <param name="Mode">How much their payloads carried: dense, dev or compressed.</param>
/// <param name="Tokens">Tokens trained on, of all together.</param>
/// <param name="Loss">Holdout loss of the network's last checkpoint, nats per token; mean over seeds.</param>
/// <param name="CentralLoss">Of AdamW on one machine: the same steps one after another, the same schedule.</param>
/// <param name="Gap">Mean over seeds of loss / central loss − 1.</param>
/// <param name="StandardError">Of <paramref name="Gap"/>, over seeds.</param>
/// <param name="Seeds">Independent runs.</param>
/// <param name="PayloadRatio">Bytes of the model in fp32 over those of a payload.</param>
/// <param name="BatchLoss">Of AdamW on one machine whose batch is that of all participants together: what parallel work costs without
/// any network.</param>
/// <param name="BatchGap">Mean over seeds of loss / batch loss − 1.</param>
/// <param name="Rounds">Rounds.</param>
/// <param name="StepsPerRound">Steps of one participant in a round.</param>
/// <param name="Settled">Share of rounds that moved the model.</param>
/// <param name="Accepted">Share of contributions that were accepted.</param>
/// <param name="Setting">The network in one line.</param>
public sealed record LearningResult(
    [property: JsonPropertyName("participants")] int Participants,
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("tokens")] long Tokens,
    [property: JsonPropertyName("loss")] double Loss,
    [property: JsonPropertyName("central_loss")] double CentralLoss,
    [property: JsonPropertyName("gap")] double Gap,
    [property: JsonPropertyName("stderr")] double StandardError,
    [property: JsonPropertyName("seeds")] int Seeds,
    [property: JsonPropertyName("payload_ratio")] double PayloadRatio,
    [property: JsonPropertyName("batch_loss")] double BatchLoss,
    [property: JsonPropertyName("batch_gap")] double BatchGap,
    [property: JsonPropertyName("rounds")] int Rounds,
    [property: JsonPropertyName("steps_per_round")] int StepsPerRound,
    [property: JsonPropertyName("settled")] double Settled,
    [property: JsonPropertyName("accepted")] double Accepted,
    [property: JsonPropertyName("setting")] string Setting);
