using System.Text.Json.Serialization;

namespace Basilisk.Simulation;

/// <summary>
/// What an attack was paid, over all names it used together, as a share of what one honest participant with the same machine was
/// paid in the same rounds: 1 is one honest share.
/// </summary>
/// <param name="Attack">Stable kebab-case name of the attack.</param>
/// <param name="CreditRatio">Mean over seeds of the attacker's credit over an honest participant's.</param>
/// <param name="CoinRatio">Mean over seeds of the attacker's released coins over an honest participant's.</param>
/// <param name="StandardError">Standard error of <paramref name="CreditRatio"/> over the seeds.</param>
/// <param name="Seeds">Independent runs behind the means.</param>
/// <param name="CoinStandardError">Standard error of <paramref name="CoinRatio"/> over the seeds.</param>
/// <param name="Setting">What stood against it: participants, rounds, model, in one line.</param>
public sealed record AttackResult(
    [property: JsonPropertyName("attack")] string Attack,
    [property: JsonPropertyName("credit_ratio")] double CreditRatio,
    [property: JsonPropertyName("coin_ratio")] double CoinRatio,
    [property: JsonPropertyName("stderr")] double StandardError,
    [property: JsonPropertyName("seeds")] int Seeds,
    [property: JsonPropertyName("coin_stderr")] double CoinStandardError,
    [property: JsonPropertyName("setting")] string Setting);
