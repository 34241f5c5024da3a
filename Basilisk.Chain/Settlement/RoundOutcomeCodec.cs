using System.Collections.Immutable;
using System.Text;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Settlement;

/// <summary>
/// The one byte form of a round's result: nested RLP lists. RLP knows no signed integers; they are written zigzag
/// (0, −1, 1, −2 … as 0, 1, 2, 3 …).
/// </summary>
public static class RoundOutcomeCodec
{
    private const int ReasonCap = 64; // longer than any token

    public static byte[] Encode(RoundOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var rlp = new RlpWriter(256 + (160 * outcome.Contributions.Length));
        rlp.BeginList().Write(outcome.Round).Write(outcome.ModelRoot).Write(outcome.EvaluationSeed);
        rlp.Write(outcome.Settled).Write(Encoding.ASCII.GetBytes(outcome.Reason));
        Signed(rlp, outcome.Gain, outcome.GainError);
        rlp.Write((ulong)outcome.StepHalves);
        RoundLosses losses = outcome.Losses;
        rlp.BeginList();
        Signed(rlp, losses.PaidBefore, losses.PaidAfter, losses.ConfirmationBefore, losses.ConfirmationAfter, losses.HoldoutBefore, losses.HoldoutAfter);
        rlp.EndList().BeginList();
        foreach (ContributionOutcome contribution in outcome.Contributions)
        {
            Write(rlp, contribution);
        }

        return rlp.EndList().Write(outcome.NextModelRoot).EndList().ToArray();
    }

    /// <param name="bytes">What <see cref="Encode"/> writes.</param>
    /// <param name="contributionCap">Most contributions to read: the network's reveals per round.</param>
    public static Verdict<RoundOutcome> Decode(ReadOnlySpan<byte> bytes, int contributionCap)
    {
        var rlp = new RlpReader(bytes);
        rlp.EnterList("outcome");
        ulong round = rlp.ReadUInt64("round");
        Hash256 modelRoot = rlp.ReadHash("model root");
        Hash256 seed = rlp.ReadHash("evaluation seed");
        bool settled = rlp.ReadBoolean("settled");
        string reason = ReadText(ref rlp, "reason");
        long gain = ReadSigned(ref rlp, "gain");
        long error = ReadSigned(ref rlp, "gain error");
        uint step = rlp.ReadUInt32("step");
        rlp.EnterList("losses");
        var losses = new RoundLosses(
            ReadSigned(ref rlp, "loss"),
            ReadSigned(ref rlp, "loss"),
            ReadSigned(ref rlp, "loss"),
            ReadSigned(ref rlp, "loss"),
            ReadSigned(ref rlp, "loss"),
            ReadSigned(ref rlp, "loss"));
        rlp.LeaveList("losses");
        rlp.EnterList("contributions");
        ImmutableArray<ContributionOutcome>.Builder contributions = ImmutableArray.CreateBuilder<ContributionOutcome>();
        while (rlp.HasMore && contributions.Count < contributionCap)
        {
            contributions.Add(ReadContribution(ref rlp));
        }

        rlp.LeaveList("contributions");
        Hash256 next = rlp.ReadHash("next model root");
        rlp.LeaveList("outcome");
        rlp.End();
        return rlp.Refusal is { } refusal
            ? refusal
            : new RoundOutcome(round, modelRoot, seed, settled, reason, gain, error, step, losses, contributions.ToImmutable(), next);
    }

    private static void Write(RlpWriter rlp, ContributionOutcome value)
    {
        rlp.BeginList().Write(value.Unit).Write(value.Miner);
        Signed(rlp, value.ProbeGain, value.ProbeError, value.FreshGain);
        rlp.Write(value.Accepted).Write(Encoding.ASCII.GetBytes(value.Reason));
        rlp.Write((ulong)value.Weight);
        Signed(rlp, value.LeaveOneOut, value.Share, value.Credit);
        rlp.EndList();
    }

    private static ContributionOutcome ReadContribution(ref RlpReader rlp)
    {
        rlp.EnterList("contribution");
        Hash256 unit = rlp.ReadHash("unit");
        Address miner = rlp.ReadAddress("miner");
        var contribution = new ContributionOutcome(
            unit,
            miner,
            ReadSigned(ref rlp, "probe gain"),
            ReadSigned(ref rlp, "probe error"),
            ReadSigned(ref rlp, "fresh gain"),
            rlp.ReadBoolean("accepted"),
            ReadText(ref rlp, "reason"),
            ReadWeight(ref rlp),
            ReadSigned(ref rlp, "leave one out"),
            ReadSigned(ref rlp, "share"),
            ReadSigned(ref rlp, "credit"));
        rlp.LeaveList("contribution");
        return contribution;
    }

    private static void Signed(RlpWriter rlp, params ReadOnlySpan<long> values)
    {
        foreach (long value in values)
        {
            rlp.Write(unchecked((ulong)((value << 1) ^ (value >> 63))));
        }
    }

    private static long ReadSigned(ref RlpReader rlp, string field)
    {
        ulong zigzag = rlp.ReadUInt64(field);
        return unchecked((long)(zigzag >> 1) ^ -(long)(zigzag & 1));
    }

    private static int ReadWeight(ref RlpReader rlp)
    {
        uint weight = rlp.ReadUInt32("weight");
        if (weight > int.MaxValue)
        {
            rlp.Refuse(RlpToken.IntegerTooLarge, "weight", "A weight is below 2^31.", weight, int.MaxValue);
            return 0;
        }

        return (int)weight;
    }

    private static string ReadText(ref RlpReader rlp, string field)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(ReasonCap, field);
        if (bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            rlp.Refuse(Tokens.OutcomeReasonNotPrintable, field, "A reason is printable ASCII.");
            return string.Empty;
        }

        return Encoding.ASCII.GetString(bytes);
    }
}
