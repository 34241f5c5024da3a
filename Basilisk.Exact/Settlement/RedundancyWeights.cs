using System.Numerics;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 4: a delta sent under eight names weighs as one.</summary>
internal static class RedundancyWeights
{
    /// <summary>1 in Q16.</summary>
    public const int One = 1 << 16;

    /// <summary>
    /// wᵢ = ⌊2³² / Σⱼ cᵢⱼ⌋ in Q16 over the members; 0 for the rest. cᵢⱼ = ⌊2¹⁶ ⟨δᵢ,δⱼ⟩² / (|δᵢ|² |δⱼ|²)⌋ where the product
    /// is above zero, else 0; cᵢᵢ = 2¹⁶.
    /// </summary>
    /// <param name="cosines">From <see cref="Cosines"/>.</param>
    /// <param name="members">Who counts.</param>
    public static int[] Of(int[][] cosines, IReadOnlyList<bool> members)
    {
        var weights = new int[cosines.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            if (members[i])
            {
                long sum = 0;
                for (int j = 0; j < weights.Length; j++)
                {
                    sum += members[j] ? cosines[i][j] : 0;
                }

                weights[i] = (int)((1L << 32) / sum);
            }
        }

        return weights;
    }

    /// <summary>The matrix c in Q16; rows and columns of non-members are zero.</summary>
    public static int[][] Cosines(IReadOnlyList<SparseDelta> deltas, IReadOnlyList<bool> members)
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
