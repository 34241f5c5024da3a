using System.Text.Json.Serialization;

namespace Basilisk.Simulation.Incentives;

/// <summary>What a unit earns at so many times the usual steps.</summary>
/// <param name="Steps">Times the usual steps.</param>
/// <param name="Credit">Credit over that of a participant with the usual steps.</param>
/// <param name="Stderr">Standard error of <paramref name="Credit"/> over the seeds.</param>
/// <param name="Seeds">Independent runs.</param>
public sealed record StepsPoint(double Steps, double Credit, double Stderr, int Seeds)
{
    [JsonPropertyOrder(-1)]
    public string Study => "steps";
}

/// <summary>Where best responses have led.</summary>
/// <param name="Curve">linear or measured: what steps are worth.</param>
/// <param name="Kappa">The parameter.</param>
/// <param name="Step">Steps of best responses taken.</param>
/// <param name="MinerShare">Share of all machines that the line is about; 1 is all together.</param>
/// <param name="TrainingShare">Part of those machines that trains.</param>
/// <param name="MintedShare">Rewards released over blocks mined, all together.</param>
/// <param name="Stderr">Standard error of <paramref name="TrainingShare"/> over the seeds.</param>
/// <param name="Seeds">Independent games.</param>
public sealed record SplitPoint(string Curve, double Kappa, int Step, double MinerShare, double TrainingShare, double MintedShare, double Stderr, int Seeds)
{
    [JsonPropertyOrder(-1)]
    public string Study => "split";
}

/// <summary>What hiding blocks was paid.</summary>
/// <param name="Strategy">selfish, or rewriting: a branch of four rounds shown at once.</param>
/// <param name="Finality">F, settled rounds; 0 where nothing is final.</param>
/// <param name="MinerShare">The attacker's share of hashes and training.</param>
/// <param name="FastLink">Whether he hears and answers twenty times as fast as the others.</param>
/// <param name="Gamma">Measured share of races, decided by honest miners, that went to his branch.</param>
/// <param name="BlockShare">His share of the chain's blocks.</param>
/// <param name="ExpectedBlockShare">By Eyal and Sirer's formula at this share and gamma; null where it does not apply.</param>
/// <param name="CreditShare">His share of the credit.</param>
/// <param name="CoinShare">His share of the coins.</param>
/// <param name="Stderr">Standard error of <paramref name="CoinShare"/> over the seeds.</param>
/// <param name="SwitchesRefused">Reorganisations that rolling finality refused, per run.</param>
/// <param name="Seeds">Independent runs.</param>
public sealed record SelfishPoint(
    string Strategy,
    int Finality,
    double MinerShare,
    bool FastLink,
    double Gamma,
    double BlockShare,
    double? ExpectedBlockShare,
    double CreditShare,
    double CoinShare,
    double Stderr,
    double SwitchesRefused,
    int Seeds)
{
    [JsonPropertyOrder(-1)]
    public string Study => "selfish";
}
