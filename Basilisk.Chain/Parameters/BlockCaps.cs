namespace Basilisk.Chain.Parameters;

/// <summary>Sizes and counts above which a block is refused before anything is computed.</summary>
/// <param name="BlockBytes">Whole block: header, transactions and side-car, in bytes.</param>
/// <param name="Transactions">Transactions per block.</param>
/// <param name="PayloadBytes">One payload, in bytes; at least the largest that the codec can write for the network's model.</param>
/// <param name="PayloadsPerBlock">Payloads revealed per block.</param>
/// <param name="ContributionsPerRound">
/// Places: contributions that a round judges, so that every one finds room to be revealed: what the slowest supported machine can judge in
/// the judge phase. More may be committed, one for each living unit; the places are drawn among them (<see cref="Rounds.PlaceDraw"/>).
/// </param>
public sealed record BlockCaps(
    uint BlockBytes,
    uint Transactions,
    uint PayloadBytes,
    uint PayloadsPerBlock,
    uint ContributionsPerRound);
