using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;

namespace Basilisk.Chain.Parameters;

/// <summary>
/// The three networks that ship. What is computed from data (tokenizer, corpus, first checkpoint) and the moment of
/// genesis come in; every other number is stated here with its reason.
/// </summary>
public static class NetworkPresets
{
    private const uint MiB = 1 << 20;

    /// <summary>Shape of the dev model: about a million weights, which two cores train in minutes.</summary>
    public static ModelShape DevShape { get; } = ModelShape.FromDepth(4, 1024, 128);

    /// <summary>Shape of the model in tests: small enough to judge in milliseconds.</summary>
    public static ModelShape TestShape { get; } = ModelShape.FromDepth(1, 260, 16);

    /// <summary>Shape of the main network's first model.</summary>
    public static ModelShape MainShape { get; } = ModelShape.FromDepth(8, 4096, 512);

    /// <summary>One machine, blocks every 5 s, a round in two minutes.</summary>
    /// <param name="model">Shape and hashes; usually with <see cref="DevShape"/>.</param>
    /// <param name="genesisTime">Unix seconds; the schedule starts here, so a fresh network takes the present.</param>
    public static NetworkParameters Dev(ModelParameters model, ulong genesisTime) => new()
    {
        Name = "dev",
        ChainId = 13371,
        GenesisTime = genesisTime,
        ProofOfWork = ProofOfWork.KeccakProofOfWork.FunctionName,
        Difficulty = new DifficultyParameters(
            BlockInterval: 5,
            HalfLife: 120, // 24 blocks: one round after a miner comes or goes, blocks are on time again
            InitialTarget: new CompactTarget(0x1E16_5E9F), // 2^256 / 750,000: 5 s at 150,000 hashes per second
            LimitTarget: new CompactTarget(0x2001_0000), // 2^248: a block every 256 hashes at the easiest
            FutureLimit: 15),
        Rounds = new RoundSchedule(Train: 16, Reveal: 4, Judge: 4, UnitLifetime: 8),
        FinalityRounds = 2,
        Rewards = Rewards,
        Fees = Fees,
        // 16 contributions: 2 evaluations each of 16,384 tokens fit into four blocks of judging on two cores.
        Caps = Caps(model, DensePayload, transactions: 1_000, payloadsPerBlock: 6, contributionsPerRound: 16),
        Payload = DensePayload, // a tiny model takes more than main's 64
        Judging = Judging(windows: 128),
        Model = model,
        Forks = ForkPlan.Base,
    };

    /// <summary>For tests: rounds of 6 heights, every second hash is a block, difficulty practically still.</summary>
    public static NetworkParameters Test(ModelParameters model, ulong genesisTime) => new()
    {
        Name = "test",
        ChainId = 13372,
        GenesisTime = genesisTime,
        ProofOfWork = ProofOfWork.KeccakProofOfWork.FunctionName,
        Difficulty = new DifficultyParameters(
            BlockInterval: 1,
            HalfLife: 864_000, // tests mine as fast as they can: ten days of blocks before work doubles
            InitialTarget: CompactTarget.Easiest,
            LimitTarget: CompactTarget.Easiest,
            FutureLimit: 86_400), // times rise by a second every sixth block, whatever the clock says
        Rounds = new RoundSchedule(Train: 4, Reveal: 1, Judge: 1, UnitLifetime: 3),
        FinalityRounds = 2,
        Rewards = Rewards,
        Fees = new FeeParameters(GasLimit: 1_000_000, BaseFeeFloor: Bsk.Gwei),
        Caps = Caps(model, DensePayload, transactions: 40, payloadsPerBlock: 4, contributionsPerRound: 4),
        Payload = DensePayload,
        Judging = Judging(windows: 16),
        Model = model,
        Forks = ForkPlan.Base,
    };

    /// <summary>Many machines: blocks every minute, a round in four hours.</summary>
    public static NetworkParameters Main(ModelParameters model, ulong genesisTime) => new()
    {
        Name = "main",
        ChainId = 13370,
        GenesisTime = genesisTime,
        ProofOfWork = ProofOfWork.KeccakProofOfWork.FunctionName,
        Difficulty = new DifficultyParameters(
            BlockInterval: 60,
            HalfLife: 17_280, // 288 blocks, Bitcoin Cash's ratio of half-life to interval
            InitialTarget: new CompactTarget(0x1D00_FFFF), // Bitcoin's first target, 2^32 hashes
            LimitTarget: new CompactTarget(0x1E00_FFFF), // 2^24 hashes
            FutureLimit: 120),
        Rounds = new RoundSchedule(Train: 160, Reveal: 40, Judge: 40, UnitLifetime: 8),
        FinalityRounds = 2,
        Rewards = Rewards,
        Fees = Fees,
        Caps = Caps(model, SparsePayload, transactions: 5_000, payloadsPerBlock: 6, contributionsPerRound: 192),
        Payload = SparsePayload, // ≥ 146 times smaller than fp32
        Judging = Judging(windows: 128),
        Model = model,
        Forks = ForkPlan.Base,
    };

    private static PayloadLimits DensePayload { get; } = new(entriesPerChunk: 1024, levelBits: 4);

    private static PayloadLimits SparsePayload { get; } = new(entriesPerChunk: 64, levelBits: 4);

    private static RewardParameters Rewards { get; } = new(
        Reward: (UInt256)25 * Bsk.Coin,
        KappaNumerator: 1, // below 1 best responses end in a race to hash; at 1 any split is neutral
        KappaDenominator: 1);

    private static FeeParameters Fees { get; } = new(
        GasLimit: 30_000_000, // Ethereum's for years: about 1,400 transfers
        BaseFeeFloor: Bsk.Gwei); // never 0: wallets take a base fee of 0 for "no EIP-1559"

    /// <summary>P, Q and H of one size: 128 windows are 16,384 targets on dev and 65,536 on main.</summary>
    private static JudgingParameters Judging(int windows) => new(
        PaidWindows: windows,
        ConfirmationWindows: windows,
        HoldoutWindows: windows,
        HoldoutPermille: 20,
        Settlement: new SettlementParameters());

    /// <summary>Byte caps follow from the model: its largest payload fits, and a full side-car beside a mebibyte of transactions.</summary>
    private static BlockCaps Caps(ModelParameters model, PayloadLimits payload, uint transactions, uint payloadsPerBlock, uint contributionsPerRound)
    {
        uint payloadBytes = checked((uint)payload.MaxBytes(model.Shape.ParameterCount));
        return new BlockCaps(
            BlockBytes: checked((payloadBytes * payloadsPerBlock) + MiB),
            transactions,
            payloadBytes,
            payloadsPerBlock,
            contributionsPerRound);
    }
}
