using System.Numerics;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 7: who is owed how much of the confirmed gain.</summary>
internal static class CreditSplit
{
    /// <summary>
    /// bᵢ = L_P(C + σ Σ_{j≠i} w'ⱼδⱼ / W) − L_P(M) per accepted candidate, w' made anew without i and W as it was; 0 where an
    /// equal delta stays in, and L_P(C) − L_P(M) where no one does.
    /// </summary>
    public static long[] LeaveOneOut(
        SettlementInput input,
        MeteredJudge judge,
        IReadOnlyList<SparseDelta> deltas,
        RoundMembers members,
        ChosenStep step,
        long paidBefore)
    {
        var worth = new long[deltas.Count];
        for (int i = 0; i < worth.Length; i++)
        {
            if (!members.Accepted[i] || HasTwin(deltas, members.Accepted, i))
            {
                continue;
            }

            bool[] others = [.. members.Accepted];
            others[i] = false;
            long without = paidBefore;
            if (others.Contains(true))
            {
                int[] weights = RedundancyWeights.Of(members.Likeness, others);
                without = judge.Losses(ModelUpdate.Step(input.Current, deltas, weights, members.TotalWeight, step.Size), input.Paid).Sum();
            }

            worth[i] = without - step.PaidLoss;
        }

        return worth;
    }

    /// <summary>tᵢ = ⌊max(0, bᵢ) fᵢ / 2gᵢ⌋ + ⌊8 σ fᵢ wᵢ / 2W⌋, where 8 is the probe's divisor.</summary>
    public static long Share(long leaveOneOut, long fresh, long gain, int weight, long totalWeight, StepSize step, int probeDivisor)
    {
        BigInteger byAbsence = BigInteger.Max(0, leaveOneOut) * fresh / (2 * (BigInteger)gain);
        BigInteger byProbe = (BigInteger)probeDivisor * step.Numerator * fresh * weight / (2 * (BigInteger)step.Denominator * totalWeight);
        return (long)(byAbsence + byProbe);
    }

    /// <summary>
    /// ⌊G tᵢ / Σt⌋ each; what is left of G goes to the largest share, of equal ones to the lowest id. The sum is G exactly.
    /// </summary>
    public static long[] Split(long gain, IReadOnlyList<long> shares, IReadOnlyList<bool> accepted, IReadOnlyList<Hash256> ids)
    {
        BigInteger total = BigInteger.Zero;
        int largest = -1;
        for (int i = 0; i < shares.Count; i++)
        {
            if (accepted[i])
            {
                total += shares[i];
                bool before = largest >= 0 && (shares[i] < shares[largest] || (shares[i] == shares[largest] && ids[i] > ids[largest]));
                largest = before ? largest : i;
            }
        }

        var credits = new long[shares.Count];
        long left = gain;
        for (int i = 0; i < credits.Length; i++)
        {
            credits[i] = total.IsZero ? 0 : (long)(gain * (BigInteger)shares[i] / total);
            left -= credits[i];
        }

        credits[largest] += left;
        return credits;
    }

    private static bool HasTwin(IReadOnlyList<SparseDelta> deltas, bool[] accepted, int i)
    {
        for (int j = 0; j < deltas.Count; j++)
        {
            if (j != i && accepted[j] && deltas[i].Equals(deltas[j]))
            {
                return true;
            }
        }

        return false;
    }
}
