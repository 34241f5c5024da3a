using System.Numerics;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 7: who is owed how much of the confirmed gain.</summary>
internal static class CreditSplit
{
    /// <summary>
    /// bᵢ = L_P(C + σ Σ_{j≠i} wⱼδⱼ / W) − L_P(M) per accepted candidate: the others keep their weights, so that to leave one out takes a step
    /// back and never makes another's part larger. Equal deltas have equal weights and are left out once.
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
        var known = new Dictionary<SparseDelta, long>();
        bool isAlone = members.Accepted.Count(accepted => accepted) == 1;
        for (int i = 0; i < worth.Length; i++)
        {
            if (members.Accepted[i] && !known.TryGetValue(deltas[i], out worth[i]))
            {
                int[] others = [.. members.Weights];
                others[i] = 0;
                long without = isAlone
                    ? paidBefore
                    : judge.Losses(ModelUpdate.Step(input.Current, deltas, others, members.TotalWeight, step.Size), input.Paid).Sum();
                known[deltas[i]] = worth[i] = without - step.PaidLoss;
            }
        }

        return worth;
    }

    /// <summary>uᵢ = ⌊max(0, bᵢ) fᵢ / 2gᵢ⌋ + ⌊8 σ fᵢ wᵢ / 2W⌋, where 8 is the probe's divisor.</summary>
    public static long Part(long leaveOneOut, long fresh, long gain, int weight, long totalWeight, StepSize step, int probeDivisor)
    {
        BigInteger byAbsence = BigInteger.Max(0, leaveOneOut) * fresh / (2 * (BigInteger)gain);
        BigInteger byProbe = (BigInteger)probeDivisor * step.Numerator * fresh * weight / (2 * (BigInteger)step.Denominator * totalWeight);
        return (long)(byAbsence + byProbe);
    }

    /// <summary>
    /// tᵢ = ⌊uᵢ vᵢ / max v⌋ with vᵢ = ⌊2⁴⁸ fᵢ / |δᵢ|⌋, the fresh gain for each unit of length: the steepest keeps its part. Gains along directions that have
    /// nothing in common add up as their squares do (Pythagoras), so to cut a delta into slices, each as long as the whole, gains nothing.
    /// </summary>
    /// <param name="parts">uᵢ; 0 for who was not accepted.</param>
    /// <param name="deltas">Clipped; the accepted ones are not zero.</param>
    /// <param name="fresh">fᵢ.</param>
    /// <param name="accepted">Who is paid; at least one.</param>
    public static long[] Shares(IReadOnlyList<long> parts, IReadOnlyList<SparseDelta> deltas, IReadOnlyList<long> fresh, IReadOnlyList<bool> accepted)
    {
        BigInteger[] slopes = [.. deltas.Select((delta, i) => accepted[i] ? ((BigInteger)fresh[i] << 48) / delta.Norm : BigInteger.Zero)];
        BigInteger steepest = slopes.Max();
        return [.. slopes.Select((slope, i) => (long)(parts[i] * slope / steepest))];
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
}
