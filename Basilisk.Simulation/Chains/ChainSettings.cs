using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Exact.Checkpoints;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Chains;

/// <summary>
/// A network to simulate: the dev network's rounds, clocks and caps with a model small enough that a run of many rounds takes seconds.
/// Blocks are found after a few hashes, and when they are found is drawn in virtual time.
/// </summary>
public sealed record ChainSettings
{
    /// <summary>Hashes that a block takes at the start: few enough to find one at once, enough for the schedule to move both ways.</summary>
    private const int HashesPerBlock = 32;

    /// <summary>Any moment will do; virtual time starts here, Unix seconds.</summary>
    private const ulong GenesisTime = 1_790_000_000;

    /// <summary>Heights for training, revealing, judging; E. The dev network's.</summary>
    public RoundSchedule Rounds { get; init; } = new(Train: 16, Reveal: 4, Judge: 4, UnitLifetime: 8);

    /// <summary>F, settled rounds.</summary>
    public uint FinalityRounds { get; init; } = 2;

    /// <summary>Contributions in a round, the dev network's.</summary>
    public uint Places { get; init; } = 16;

    /// <summary>Payloads in a block, the dev network's.</summary>
    public uint PayloadsPerBlock { get; init; } = 6;

    /// <summary>Seconds between blocks, the dev network's.</summary>
    public uint BlockInterval { get; init; } = 5;

    /// <summary>ASERT's half-life in seconds, the dev network's.</summary>
    public uint HalfLife { get; init; } = 120;

    /// <summary>Seconds that a block's time may lie ahead, the dev network's.</summary>
    public uint FutureLimit { get; init; } = 15;

    /// <summary>Mean seconds that a message takes; each takes between half and one and a half times as long.</summary>
    public double MeanDelay { get; init; } = 0.15;

    /// <summary>Optimiser steps that an honest participant puts into a unit.</summary>
    public int StepsPerUnit { get; init; } = 6;

    /// <summary>Windows per optimiser step.</summary>
    public int BatchSequences { get; init; } = 16;

    /// <summary>Peak learning rate of the participants.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Hashes per second of all miners together: blocks are on time at the first target.</summary>
    internal double HashRate => (double)HashesPerBlock / BlockInterval;

    /// <summary>The model and its data; the same for all runs.</summary>
    public static SmallNetworkOptions World { get; } = new()
    {
        VocabularySize = 300,
        Depth = 1,
        Context = 16,
        TextBytes = 400_000,
        PaidWindows = 96,
        HoldoutWindows = 32,
        Payload = new(entriesPerChunk: 512, levelBits: 4),
    };

    /// <summary>The network record that the rules work with.</summary>
    /// <param name="world">Model, data and judging.</param>
    /// <param name="genesis">C_0.</param>
    public NetworkParameters Parameters(SmallNetwork world, Checkpoint genesis)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(genesis);
        var model = new ModelParameters(world.Shape, world.Tokenizer.Hash, world.Corpus.Root, genesis.Root, genesis.Root);
        NetworkParameters dev = NetworkPresets.Dev(model, GenesisTime);
        uint payloadBytes = (uint)world.Payload.MaxBytes(world.Shape.ParameterCount);
        return dev with
        {
            Name = "simulated",
            Difficulty = new DifficultyParameters(
                BlockInterval,
                HalfLife,
                new CompactTarget(0x2008_0000), // 2^256 / 32
                CompactTarget.Easiest,
                FutureLimit),
            Rounds = Rounds,
            FinalityRounds = FinalityRounds,
            Caps = new BlockCaps((payloadBytes * PayloadsPerBlock) + (1 << 20), Transactions: 1_000, payloadBytes, PayloadsPerBlock, Places),
            Payload = world.Payload,
            Judging = dev.Judging with
            {
                PaidWindows = world.Options.PaidWindows,
                ConfirmationWindows = world.Options.PaidWindows,
                HoldoutWindows = world.Options.HoldoutWindows,
                Settlement = world.Options.Settlement,
            },
        };
    }

    /// <summary>Virtual time as Unix seconds.</summary>
    internal ulong UnixTime(double now) => GenesisTime + (ulong)now;

    /// <summary>Seconds until a miner finds a block, in the mean.</summary>
    internal double MeanSearch(CompactTarget target, double hashShare) => (double)(System.Numerics.BigInteger)Work.Of(target) / (HashRate * hashShare);
}
