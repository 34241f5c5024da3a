using System.Text;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Shapes;

namespace Basilisk.Chain.Parameters;

/// <summary>The one byte form of a network's parameters: nested RLP lists in the order written here.</summary>
public static class ParameterEncoding
{
    private const string Tag = "basilisk-parameters-1";

    public static byte[] Encode(NetworkParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var rlp = new RlpWriter();
        rlp.BeginList();
        Text(rlp, Tag);
        Text(rlp, parameters.Name);
        rlp.Write(parameters.ChainId).Write(parameters.GenesisTime);
        Text(rlp, parameters.ProofOfWork);
        Write(rlp, parameters.Difficulty);
        Write(rlp, parameters.Rounds, parameters.FinalityRounds);
        rlp.BeginList().Write(parameters.Rewards.Reward).Write((ulong)parameters.Rewards.KappaNumerator).Write((ulong)parameters.Rewards.KappaDenominator).EndList();
        rlp.BeginList().Write(parameters.Fees.GasLimit).Write(parameters.Fees.BaseFeeFloor).EndList();
        Write(rlp, parameters.Caps);
        Numbers(rlp, (ulong)parameters.Payload.EntriesPerChunk, (ulong)parameters.Payload.LevelBits);
        Write(rlp, parameters.Judging);
        Write(rlp, parameters.Model);
        Write(rlp, parameters.Forks);
        rlp.EndList();
        return rlp.ToArray();
    }

    private static void Write(RlpWriter rlp, DifficultyParameters value) =>
        Numbers(rlp, value.BlockInterval, value.HalfLife, value.InitialTarget.Bits, value.LimitTarget.Bits, value.FutureLimit);

    private static void Write(RlpWriter rlp, RoundSchedule value, uint finalityRounds) =>
        Numbers(rlp, value.Train, value.Reveal, value.Judge, value.UnitLifetime, finalityRounds);

    private static void Write(RlpWriter rlp, BlockCaps value) => Numbers(
        rlp,
        value.BlockBytes,
        value.Transactions,
        value.PayloadBytes,
        value.PayloadsPerBlock,
        value.ContributionsPerRound);

    private static void Write(RlpWriter rlp, JudgingParameters value) => Numbers(
        rlp,
        (ulong)value.PaidWindows,
        (ulong)value.ConfirmationWindows,
        (ulong)value.HoldoutWindows,
        (ulong)value.HoldoutPermille,
        (ulong)value.Settlement.ProbeDivisor,
        (ulong)value.Settlement.Significance,
        (ulong)value.Settlement.HoldoutTolerance,
        (ulong)value.Settlement.PublicCosineFloor);

    private static void Write(RlpWriter rlp, ModelParameters value)
    {
        ModelShape shape = value.Shape;
        rlp.BeginList();
        Numbers(
            rlp,
            (ulong)shape.Vocabulary,
            (ulong)shape.Width,
            (ulong)shape.Layers,
            (ulong)shape.Heads,
            (ulong)shape.FeedForward,
            (ulong)shape.Context,
            shape.TiedHead ? 1UL : 0UL);
        rlp.Write(value.TokenizerHash).Write(value.CorpusRoot).Write(value.GenesisSeed).Write(value.GenesisModelRoot);
        rlp.EndList();
    }

    private static void Write(RlpWriter rlp, ForkPlan value)
    {
        rlp.BeginList();
        foreach (ForkActivation fork in value.Forks)
        {
            rlp.BeginList();
            Text(rlp, fork.Name);
            rlp.Write((ulong)fork.HeaderVersion).Write(fork.Activation.Value);
            rlp.EndList();
        }

        rlp.EndList();
    }

    private static void Numbers(RlpWriter rlp, params ReadOnlySpan<ulong> values)
    {
        rlp.BeginList();
        foreach (ulong value in values)
        {
            rlp.Write(value);
        }

        rlp.EndList();
    }

    private static void Text(RlpWriter rlp, string text) => rlp.Write(Encoding.UTF8.GetBytes(text));
}
