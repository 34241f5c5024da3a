namespace Basilisk.Contracts.NodeStatus;

/// <summary>What a node is doing now.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="ChainId">EIP-155 chain id.</param>
/// <param name="Version">The node's version.</param>
/// <param name="Height">Tip.</param>
/// <param name="TipHash">Hash of the tip.</param>
/// <param name="TipTime">The tip header's time, Unix seconds.</param>
/// <param name="Round">Round of the next height.</param>
/// <param name="Phase">Phase of the next height: train, reveal or judge.</param>
/// <param name="RoundProgress">Part of the round's heights that are behind, 0–1.</param>
/// <param name="BlockIntervalSeconds">Aim of the difficulty rule.</param>
/// <param name="Difficulty">Expected hashes for the next block, decimal.</param>
/// <param name="StateRoot">At the tip.</param>
/// <param name="ModelRoot">Checkpoint in force.</param>
/// <param name="Mempool">Transactions waiting.</param>
/// <param name="Peers">Connected peers.</param>
/// <param name="Mining">The miner.</param>
/// <param name="Training">The trainer.</param>
/// <param name="Account">The node's own account.</param>
/// <param name="LastRound">The last round that ended, null before the first.</param>
/// <param name="RoundsSettled">Rounds of the chain that moved the model.</param>
/// <param name="UptimeSeconds">Since the process started.</param>
/// <param name="Sync">How far the node is on the way to its network's tip.</param>
public sealed record StatusView(
    string Network,
    long ChainId,
    string Version,
    long Height,
    string TipHash,
    long TipTime,
    int Round,
    string Phase,
    double RoundProgress,
    double BlockIntervalSeconds,
    string Difficulty,
    string StateRoot,
    string ModelRoot,
    int Mempool,
    int Peers,
    MiningView Mining,
    TrainingView Training,
    NodeAccountView? Account,
    LastRoundView? LastRound,
    long RoundsSettled,
    double UptimeSeconds,
    SyncView Sync)
{
    /// <summary>The chain with more work that rolling finality keeps this node from following; null where there is none.</summary>
    public ConflictView? Conflict { get; init; }
}

/// <summary>A chain with more work than this node's, which forks off deeper than finality allows. The operator decides.</summary>
/// <param name="TipHash">End of the other chain's headers.</param>
/// <param name="TipHeight">Its height.</param>
/// <param name="ForkHeight">Last height that both chains share.</param>
/// <param name="SettledRoundsUndone">Settled rounds that following it would undo.</param>
public sealed record ConflictView(string TipHash, long TipHeight, long ForkHeight, long SettledRoundsUndone);

/// <summary>What the operator let the node follow.</summary>
/// <param name="Hash">Chains that contain this block may be followed.</param>
/// <param name="Height">Its height.</param>
/// <param name="BestHash">End of the best header chain now.</param>
/// <param name="BestHeight">Its height.</param>
public sealed record FollowedChain(string Hash, long Height, string BestHash, long BestHeight);

/// <summary>How far a node is on the way to its network's tip.</summary>
/// <param name="Phase">finding-peers, headers, snapshot, blocks, judging or current.</param>
/// <param name="Current">Whether the node is where its peers are; while it is not, it neither mines nor trains.</param>
/// <param name="Height">Connected height.</param>
/// <param name="TargetHeight">Height it is on the way to.</param>
/// <param name="BlocksPerSecond">Over the last half minute.</param>
/// <param name="SecondsLeft">Time left at that speed; null where it cannot be said.</param>
public sealed record SyncView(string Phase, bool Current, long Height, long TargetHeight, double BlocksPerSecond, double? SecondsLeft);

/// <param name="Active">Whether this node mines.</param>
/// <param name="HashesPerSecond">Averaged over the last seconds.</param>
/// <param name="DutyCycle">Share of time a mining thread works, 0–1; the dev network throttles it.</param>
/// <param name="Threads">Mining threads.</param>
/// <param name="BlocksFound">Since the process started.</param>
/// <param name="Waiting">Why the miner waits (for example "judging"), null while it hashes.</param>
public sealed record MiningView(bool Active, double HashesPerSecond, double DutyCycle, int Threads, long BlocksFound, string? Waiting);

/// <param name="Active">Whether this node trains.</param>
/// <param name="TokensPerSecond">Averaged over the last seconds.</param>
/// <param name="TokensTotal">Since the process started.</param>
/// <param name="BusyShare">Share of wall time since start spent in training steps, 0–1.</param>
/// <param name="Loss">Smoothed training loss, nats per token; null before the first step.</param>
/// <param name="Unit">Unit being trained, null if none.</param>
/// <param name="Step">Optimiser steps since the process started.</param>
/// <param name="Activity">training, compressing, waiting or stopped.</param>
/// <param name="Device">What it runs on.</param>
public sealed record TrainingView(
    bool Active,
    double TokensPerSecond,
    long TokensTotal,
    double BusyShare,
    double? Loss,
    string? Unit,
    long Step,
    string Activity,
    string Device);

/// <param name="Address">EIP-55.</param>
/// <param name="BalanceWei">Decimal wei.</param>
/// <param name="PendingRewards">Mined blocks that wait for a pass.</param>
/// <param name="Passes">Held now.</param>
/// <param name="CreditNats">All time.</param>
public sealed record NodeAccountView(string Address, string BalanceWei, int PendingRewards, double Passes, double CreditNats);

/// <param name="Number">The round.</param>
/// <param name="Settled">Whether the model moved.</param>
/// <param name="GainNats">Confirmed gain.</param>
/// <param name="Released">Rewards minted.</param>
/// <param name="HoldoutLoss">After it, nats per token.</param>
public sealed record LastRoundView(int Number, bool Settled, double GainNats, int Released, double HoldoutLoss);

/// <summary>The network's fixed parameters, for people and wallets.</summary>
/// <param name="Name">dev, test, main or a user's own.</param>
/// <param name="ChainId">EIP-155.</param>
/// <param name="GenesisHash">Hash of block 0.</param>
/// <param name="ParametersHash">Hash of the parameters.</param>
/// <param name="BlockIntervalSeconds">Aim of the difficulty rule.</param>
/// <param name="RoundLength">Heights per round, R.</param>
/// <param name="TrainHeights">Heights of the train phase.</param>
/// <param name="RevealHeights">Heights of the reveal phase.</param>
/// <param name="JudgeHeights">Heights of the judge phase.</param>
/// <param name="ExpiryRounds">Rounds a pending reward lives, E.</param>
/// <param name="FinalityRounds">Settled rounds after which no reorganisation is followed, F.</param>
/// <param name="Kappa">Blocks per pass.</param>
/// <param name="RewardWei">Reward of a block, decimal wei.</param>
/// <param name="ParameterCount">Weights of the model.</param>
/// <param name="ModelDescription">Shape in words.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="Context">Longest sequence.</param>
/// <param name="CorpusTokens">Tokens of the training corpus.</param>
/// <param name="CorpusRoot">Merkle root of the corpus.</param>
/// <param name="TokenizerHash">Hash of the tokenizer table.</param>
public sealed record NetworkView(
    string Name,
    long ChainId,
    string GenesisHash,
    string ParametersHash,
    double BlockIntervalSeconds,
    int RoundLength,
    int TrainHeights,
    int RevealHeights,
    int JudgeHeights,
    int ExpiryRounds,
    int FinalityRounds,
    double Kappa,
    string RewardWei,
    long ParameterCount,
    string ModelDescription,
    int Vocabulary,
    int Context,
    long CorpusTokens,
    string CorpusRoot,
    string TokenizerHash);
