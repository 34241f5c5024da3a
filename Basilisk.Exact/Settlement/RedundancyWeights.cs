using System.Numerics;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 4: a delta sent under eight names weighs as one.</summary>
internal static class RedundancyWeights
{
    /// <summary>1 in Q16.</summary>
    public const int One = 1 << 16;

    /// <summary>The most that counts as usual: without it, copies that are most of a round would be the usual and weigh in full.</summary>
    private const int MostUsual = One / 2;

    /// <summary>
    /// wᵢ = ⌊2³² / Σⱼ cᵢⱼ⌋ in Q16 over the members; 0 for the rest.
    /// </summary>
    /// <param name="likeness">From <see cref="Likeness"/>.</param>
    /// <param name="members">Who counts.</param>
    public static int[] Of(int[][] likeness, IReadOnlyList<bool> members)
    {
        var weights = new int[likeness.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            if (members[i])
            {
                long sum = 0;
                for (int j = 0; j < weights.Length; j++)
                {
                    sum += members[j] ? likeness[i][j] : 0;
                }

                weights[i] = (int)((1L << 32) / sum);
            }
        }

        return weights;
    }

    /// <summary>
    /// The matrix c in Q16: how much more alike two members are than two members of this round usually are. With q the squared cosine
    /// (0 where the product is not positive) and m the lower median of q over all pairs, at most ½: cᵢⱼ = ⌊2¹⁶ (qᵢⱼ − m) / (2¹⁶ − m)⌋
    /// where q is above m, else 0; cᵢᵢ = 2¹⁶. Rows and columns of non-members are zero.
    /// </summary>
    /// <remarks>
    /// Honest deltas of a round are somewhat alike. Were that counted, each copy of one would lower the weight of all others.
    /// </remarks>
    public static int[][] Likeness(IReadOnlyList<SparseDelta> deltas, IReadOnlyList<bool> members)
    {
        int[][] likeness = Cosines(deltas, members);
        var pairs = new List<int>();
        for (int i = 0; i < likeness.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (members[i] && members[j])
                {
                    pairs.Add(likeness[i][j]);
                }
            }
        }

        pairs.Sort();
        int usual = pairs.Count == 0 ? 0 : Math.Min(pairs[(pairs.Count - 1) / 2], MostUsual);
        for (int i = 0; i < likeness.Length; i++)
        {
            for (int j = 0; j < likeness.Length; j++)
            {
                if (i != j)
                {
                    likeness[i][j] = (int)(Math.Max(0L, likeness[i][j] - usual) * One / (One - usual));
                }
            }
        }

        return likeness;
    }

    /// <summary>q = ⌊2¹⁶ ⟨δᵢ,δⱼ⟩² / (|δᵢ|² |δⱼ|²)⌋ in Q16; rows and columns of non-members are zero.</summary>
    private static int[][] Cosines(IReadOnlyList<SparseDelta> deltas, IReadOnlyList<bool> members)
    {
        var cosines = new int[deltas.Count][];
        var dense = new int[deltas.Count == 0 ? 0 : deltas[0].Dimension];
        for (int i = 0; i < cosines.Length; i++)
        {
            cosines[i] = new int[deltas.Count];
            if (members[i])
            {
                cosines[i][i] = One;
                deltas[i].CopyTo(dense);
                for (int j = 0; j < i; j++)
                {
                    cosines[i][j] = cosines[j][i] = members[j] ? SquaredCosine(deltas[i], deltas[j], dense) : 0;
                }

                deltas[i].ClearFrom(dense);
            }
        }

        return cosines;
    }

    private static int SquaredCosine(SparseDelta left, SparseDelta right, ReadOnlySpan<int> denseLeft)
    {
        Int128 product = right.Dot(denseLeft);
        return product <= 0
            ? 0
            : (int)(((BigInteger)product * product * One) / ((BigInteger)left.SquaredNorm * right.SquaredNorm));
    }
}
