using System.Globalization;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Settlement;

namespace Basilisk.Chain.Parameters;

/// <summary>What a network's parameters must satisfy for the rules to be sound. Run before a network is made or joined.</summary>
public static class ParameterRules
{
    /// <summary>Rounds longer than this would make a round's settlement walk too many heights.</summary>
    private const uint MostHeights = 1 << 16;

    /// <summary>Every parameter outside its bound; none where the network is sound.</summary>
    public static IReadOnlyList<ParameterProblem> Check(NetworkParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ParameterProblem?[] findings =
        [
            .. CheckIdentity(parameters),
            .. CheckDifficulty(parameters),
            .. CheckRounds(parameters),
            .. CheckRewardsAndFees(parameters),
            .. CheckModel(parameters),
            .. CheckCaps(parameters),
        ];
        return [.. findings.OfType<ParameterProblem>()];
    }

    private static List<ParameterProblem?> CheckIdentity(NetworkParameters parameters)
    {
        var found = new List<ParameterProblem?>();
        bool named = parameters.Name.Length is > 0 and <= 32 && parameters.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
        found.Add(Demand(named, "Name", parameters.Name, "it must be 1 to 32 of a–z, 0–9 and '-'"));
        found.Add(Within("ChainId", parameters.ChainId, 1, long.MaxValue / 2, "EIP-155 doubles it"));
        found.Add(Within("GenesisTime", parameters.GenesisTime, 1, 1UL << 40, "it counts Unix seconds"));
        found.Add(Demand(
            parameters.ProofOfWork == ProofOfWork.KeccakProofOfWork.FunctionName,
            "ProofOfWork",
            parameters.ProofOfWork,
            $"this version knows only '{ProofOfWork.KeccakProofOfWork.FunctionName}'"));
        return found;
    }

    private static List<ParameterProblem?> CheckDifficulty(NetworkParameters parameters)
    {
        var found = new List<ParameterProblem?>();
        DifficultyParameters difficulty = parameters.Difficulty;
        found.Add(Within("Difficulty.BlockInterval", difficulty.BlockInterval, 1, 86_400, "seconds"));
        found.Add(Within("Difficulty.HalfLife", difficulty.HalfLife, difficulty.BlockInterval, 1 << 30, "it is at least an interval, in seconds"));
        found.Add(Within("Difficulty.FutureLimit", difficulty.FutureLimit, 1, 1 << 20, "seconds"));
        bool initial = difficulty.InitialTarget.TryDecode(out UInt256 initialTarget);
        bool limit = difficulty.LimitTarget.TryDecode(out UInt256 limitTarget);
        found.Add(Demand(initial, "Difficulty.InitialTarget", difficulty.InitialTarget.ToString(), "it must be a canonical compact target"));
        found.Add(Demand(limit && limitTarget <= CompactTarget.Easiest.ToTarget(), "Difficulty.LimitTarget", difficulty.LimitTarget.ToString(), $"it must be a canonical compact target, at most {CompactTarget.Easiest}"));
        found.Add(Demand(initialTarget <= limitTarget, "Difficulty.InitialTarget", difficulty.InitialTarget.ToString(), $"it must not be easier than LimitTarget {difficulty.LimitTarget}"));
        return found;
    }

    private static List<ParameterProblem?> CheckRounds(NetworkParameters parameters)
    {
        var found = new List<ParameterProblem?>();
        RoundSchedule rounds = parameters.Rounds;
        found.Add(Within("Rounds.Train", rounds.Train, 1, MostHeights, "heights"));
        found.Add(Within("Rounds.Reveal", rounds.Reveal, 1, MostHeights, "heights"));
        found.Add(Within("Rounds.Judge", rounds.Judge, 1, MostHeights, "heights"));
        found.Add(Within("Rounds.UnitLifetime", rounds.UnitLifetime, 2, 1_024, "a unit enters the state with the next block, which may be the next round's"));
        found.Add(Within("FinalityRounds", parameters.FinalityRounds, 1, 1 << 20, "settled rounds"));
        return found;
    }

    private static List<ParameterProblem?> CheckRewardsAndFees(NetworkParameters parameters)
    {
        var found = new List<ParameterProblem?>();
        RewardParameters rewards = parameters.Rewards;
        found.Add(Within("Rewards.KappaNumerator", rewards.KappaNumerator, 1, 1_000, "kappa is above 0"));
        found.Add(Within("Rewards.KappaDenominator", rewards.KappaDenominator, 1, 1_000, "passes are computed in 128 bits"));
        found.Add(Demand(!rewards.Reward.IsZero && rewards.Reward.BitLength <= 128, "Rewards.Reward", rewards.Reward.ToString(), "it must be 1 to 2^128 − 1 wei"));
        found.Add(Within("Fees.GasLimit", parameters.Fees.GasLimit, 100_000, 1UL << 40, "gas; room for a reveal"));
        found.Add(Demand(
            !parameters.Fees.BaseFeeFloor.IsZero && parameters.Fees.BaseFeeFloor.BitLength <= 64,
            "Fees.BaseFeeFloor",
            parameters.Fees.BaseFeeFloor.ToString(),
            "it must be 1 to 2^64 − 1 wei: wallets take 0 for a chain without EIP-1559"));
        return found;
    }

    private static List<ParameterProblem?> CheckModel(NetworkParameters parameters)
    {
        var found = new List<ParameterProblem?>();
        string? shape = ShapeLimits.Refuse(parameters.Model.Shape);
        found.Add(Demand(shape is null, "Model.Shape", parameters.Model.Shape.ToString(), shape ?? string.Empty));
        JudgingParameters judging = parameters.Judging;
        ulong most = (ulong)(SettlementParameters.MaxBatchTargets / Math.Max(1, parameters.Model.Shape.Context));
        found.Add(Within("Judging.PaidWindows", judging.PaidWindows, 2, most, "a standard error needs two windows; totals stay in 64 bits"));
        found.Add(Within("Judging.ConfirmationWindows", judging.ConfirmationWindows, 2, most, "a standard error needs two windows; totals stay in 64 bits"));
        found.Add(Within("Judging.HoldoutWindows", judging.HoldoutWindows, 1, most, "totals stay in 64 bits"));
        found.Add(Within("Judging.HoldoutPermille", judging.HoldoutPermille, 1, 500, "thousandths of the corpus"));
        found.Add(Within("Judging.Settlement.ProbeDivisor", judging.Settlement.ProbeDivisor, 1, SettlementParameters.MaxProbeDivisor, "a probe is a part of a delta; shares stay in 64 bits"));
        found.Add(Within("Judging.Settlement.Significance", judging.Settlement.Significance, 1, 1 << 10, "standard errors"));
        found.Add(Within("Judging.Settlement.HoldoutTolerance", judging.Settlement.HoldoutTolerance, 0, 1UL << 31, "nats · 2^24 per target"));
        found.Add(Within("Judging.Settlement.PublicCosineFloor", judging.Settlement.PublicCosineFloor, 0, 1 << 20, "0 is off"));
        return found;
    }

    private static List<ParameterProblem?> CheckCaps(NetworkParameters parameters)
    {
        var found = new List<ParameterProblem?>();
        BlockCaps caps = parameters.Caps;
        found.Add(Within("Caps.Transactions", caps.Transactions, 1, 1 << 20, "transactions"));
        found.Add(Within("Caps.PayloadsPerBlock", caps.PayloadsPerBlock, 1, 1 << 12, "payloads"));
        ulong slots = (ulong)caps.PayloadsPerBlock * parameters.Rounds.Reveal;
        found.Add(Within("Caps.ContributionsPerRound", caps.ContributionsPerRound, 1, Math.Min(slots, SettlementParameters.MaxCandidates), "every place finds room in the reveal phase"));
        if (ShapeLimits.Refuse(parameters.Model.Shape) is null)
        {
            ulong largest = (ulong)parameters.Payload.MaxBytes(parameters.Model.Shape.ParameterCount);
            found.Add(Within("Caps.PayloadBytes", caps.PayloadBytes, largest, 1 << 30, "the largest payload of this model fits"));
        }

        ulong sidecar = (ulong)caps.PayloadBytes * caps.PayloadsPerBlock;
        found.Add(Within("Caps.BlockBytes", caps.BlockBytes, sidecar + (1 << 16), 1UL << 31, "a full side-car and some transactions fit, in bytes"));
        return found;
    }

    private static ParameterProblem? Demand(bool holds, string key, string value, string bound) => holds ? null : new ParameterProblem(key, value, bound);

    private static ParameterProblem? Within(string key, Int128 value, Int128 least, Int128 most, string reason) => Demand(
        value >= least && value <= most,
        key,
        value.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"it must be {least} to {most} ({reason})"));
}
