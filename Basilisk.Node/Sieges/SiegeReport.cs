namespace Basilisk.Node.Sieges;

/// <summary>How fast the node answered JSON-RPC over a stretch of time.</summary>
/// <param name="Calls">Calls answered.</param>
/// <param name="Failures">Calls that got no answer, or an error.</param>
/// <param name="MedianMs">Half of the calls took no longer, milliseconds of the clock.</param>
/// <param name="P99Ms">99 of 100 took no longer.</param>
public sealed record RpcLatency(int Calls, int Failures, double MedianMs, double P99Ms);

/// <summary>What one attack did to the node.</summary>
/// <param name="Attack">The attack's name; none for the stretch without one.</param>
/// <param name="Seconds">How long it lasted, by the clock.</param>
/// <param name="ProcessorSeconds">Processor time of the node.</param>
/// <param name="Rpc">JSON-RPC meanwhile.</param>
/// <param name="Refused">Connections turned away, by token.</param>
/// <param name="Banned">Bans by the token of the offence.</param>
/// <param name="Heard">Reasons that attackers were told before their connections were closed; <c>closed</c> where they were told nothing.</param>
/// <param name="PeakBytes">Largest working set of the node.</param>
/// <param name="Blocks">Blocks by which the honest peer's chain grew, all of them mined by the node.</param>
/// <param name="HonestStayed">Whether the honest peer's connection from before the first attack still lives.</param>
/// <param name="Answered">Whether the node met the attack with a token that it should meet it with.</param>
public sealed record SiegeReport(
    string Attack,
    double Seconds,
    double ProcessorSeconds,
    RpcLatency Rpc,
    IReadOnlyDictionary<string, long> Refused,
    IReadOnlyDictionary<string, long> Banned,
    IReadOnlyDictionary<string, long> Heard,
    long PeakBytes,
    long Blocks,
    bool HonestStayed,
    bool Answered)
{
    /// <summary>Whether the node withstood it: the clock's figures are not judged.</summary>
    public bool Withstood => Answered && HonestStayed && Blocks > 0 && Rpc.Failures == 0;
}
