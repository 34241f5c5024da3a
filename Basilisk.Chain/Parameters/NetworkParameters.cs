using Basilisk.Chain.Hashing;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;

namespace Basilisk.Chain.Parameters;

/// <summary>
/// Everything that makes two nodes the same network. Immutable; its Keccak-256 hash is the extra data of the genesis
/// block, so a node with one different number has another genesis and is refused at the handshake.
/// </summary>
public sealed record NetworkParameters
{
    private object? _hash; // boxed: a reference is published whole to other threads

    /// <summary>dev, test, main or the operator's own, 1–32 of a–z, 0–9 and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>EIP-155 chain id; also kept out of other Ethereum networks' way.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Time of genesis, Unix seconds: where the block schedule starts.</summary>
    public required ulong GenesisTime { get; init; }

    /// <summary>Name of the proof-of-work function (<see cref="ProofOfWork.IProofOfWork.Name"/>).</summary>
    public required string ProofOfWork { get; init; }

    public required DifficultyParameters Difficulty { get; init; }

    public required RoundSchedule Rounds { get; init; }

    /// <summary>F: reorganisations deeper than this many settled rounds are refused.</summary>
    public required uint FinalityRounds { get; init; }

    public required RewardParameters Rewards { get; init; }

    public required FeeParameters Fees { get; init; }

    public required BlockCaps Caps { get; init; }

    /// <summary>k and level bits of a payload.</summary>
    public required PayloadLimits Payload { get; init; }

    public required JudgingParameters Judging { get; init; }

    public required ModelParameters Model { get; init; }

    public required ForkPlan Forks { get; init; }

    /// <summary>Keccak-256 of <see cref="ParameterEncoding.Encode"/>.</summary>
    public Hash256 Hash => (Hash256)(_hash ??= Keccak256.Hash(ParameterEncoding.Encode(this)));

    public NetworkParameters()
    {
    }

    // The cached hash is not part of the value; a copy made by "with" must not keep it.
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private NetworkParameters(NetworkParameters original)
    {
        (Name, ChainId, GenesisTime, ProofOfWork) = (original.Name, original.ChainId, original.GenesisTime, original.ProofOfWork);
        (Difficulty, Rounds, FinalityRounds, Rewards) = (original.Difficulty, original.Rounds, original.FinalityRounds, original.Rewards);
        (Fees, Caps, Payload, Judging) = (original.Fees, original.Caps, original.Payload, original.Judging);
        (Model, Forks) = (original.Model, original.Forks);
    }

    public bool Equals(NetworkParameters? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();
}
