using System.Numerics;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// Step 4: which deltas say the same. Honest deltas of a round are alike because they follow one slope, and the more so the more they
/// gain; copies are alike beyond what their gains explain, however much noise is laid over them.
/// </summary>
/// <remarks>
/// sᵢⱼ = ⟨δᵢ,δⱼ⟩ / fᵢfⱼ is about the same for all pairs of different work; its median over the round is κ. A pair counts as the same by either of two signs:
/// its cosine is well above the one that κ explains, or its s is a multiple of κ. Noise hides the first and leaves the second, because it lowers the
/// product as much as the gains; the first is sure where a participant's gains are far better than the others'. docs/numbers-settlement.md §8.4 has the bounds.
/// </remarks>
internal sealed class DeltaLikeness
{
    /// <summary>1 in Q16.</summary>
    private const int One = RedundancyWeights.One;

    /// <summary>Bits below one of s, where one is the longest delta against itself at the round's best gain.</summary>
    private const int ShareBits = 40;

    /// <summary>The most of s: its square still fits 128 bits.</summary>
    private const ulong MostShare = 1UL << 62;

    /// <summary>What is usual is at least this part of what copies share, so that chance products of unlike deltas do not count.</summary>
    private const int LeastUsual = 64;

    /// <summary>The most of a cosine that gains explain: without it, copies that are most of a round would explain themselves and weigh in full.</summary>
    private const int MostExplained = One / 2;

    /// <summary>Unexplained cosine that does not count: honest pairs of one round differ by as much.</summary>
    private const int Scatter = One / 8;

    /// <summary>How fast unexplained cosine beyond the scatter counts: at three eighths it is a copy's.</summary>
    private const int Steepness = 4;

    /// <summary>Multiple of what is usual up to which sharing does not count.</summary>
    private const int LeastMultiple = 2;

    private readonly IReadOnlyList<SparseDelta> _deltas;
    private readonly IReadOnlyList<long> _fresh;
    private readonly int[] _members;
    private readonly BigInteger _bestSquared;
    private readonly BigInteger _longest;
    private readonly ulong[] _own;
    private readonly ulong[][] _shared;
    private readonly ulong _usual;
    private readonly ulong _none;
    private readonly ulong _full;

    private DeltaLikeness(IReadOnlyList<SparseDelta> deltas, IReadOnlyList<bool> members, IReadOnlyList<long> fresh)
    {
        (_deltas, _fresh) = (deltas, fresh);
        _members = [.. Enumerable.Range(0, deltas.Count).Where(i => members[i])];
        BigInteger best = _members.Max(i => fresh[i]);
        _bestSquared = best * best;
        _longest = _members.Max(i => deltas[i].SquaredNorm);
        _own = [.. _members.Select(i => Share(i, i, deltas[i].SquaredNorm))];
        _shared = Shared();
        (_usual, _none, _full) = Levels();
    }

    /// <summary>
    /// The matrix c in Q16: 0 for a pair that shares what its gains explain, 2¹⁶ for a delta with itself and with its copies.
    /// Rows and columns of non-members are zero.
    /// </summary>
    /// <param name="deltas">Clipped.</param>
    /// <param name="members">Who is accepted: one at least.</param>
    /// <param name="fresh">f, above 0 for every member.</param>
    public static int[][] Of(IReadOnlyList<SparseDelta> deltas, IReadOnlyList<bool> members, IReadOnlyList<long> fresh)
    {
        var round = new DeltaLikeness(deltas, members, fresh);
        int[][] likeness = [.. deltas.Select(_ => new int[deltas.Count])];
        for (int i = 0; i < round._members.Length; i++)
        {
            int row = round._members[i];
            likeness[row][row] = One;
            for (int j = 0; j < i; j++)
            {
                int column = round._members[j];
                likeness[row][column] = likeness[column][row] = Math.Max(round.Unexplained(i, j), round.Multiple(round._shared[i][j]));
            }
        }

        return likeness;
    }

    /// <summary>
    /// κ, and the levels of s from which a pair begins to count and counts as one: halfway and three quarters, as ratios, between κ and R,
    /// the lower quartile of sᵢᵢ (noise raises the others); at least 2κ and a quarter more.
    /// </summary>
    private (ulong Usual, ulong None, ulong Full) Levels()
    {
        ulong copy = Quantile.Lower([.. _own], 4);
        ulong usual = Math.Max(Quantile.Lower([.. _shared.SelectMany(row => row)], 2), copy / LeastUsual);
        ulong none = Math.Max(LeastMultiple * usual, Rounding.SquareRoot((UInt128)usual * copy));
        ulong full = Math.Max(none + (none / 4) + 1, Rounding.SquareRoot((UInt128)none * copy));
        return (usual, none, full);
    }

    /// <summary>The cosine beyond what gains explain, as a share of what they leave, less the scatter, times the steepness: 0 … 1 in Q16.</summary>
    private int Unexplained(int i, int j)
    {
        // κ and s as cosines of this pair: both times fᵢfⱼ / |δᵢ||δⱼ|.
        ulong length = Math.Max(1, Rounding.SquareRoot((UInt128)_own[i] * _own[j]));
        long cosine = (long)UInt128.Min(One, ((UInt128)_shared[i][j] << 16) / length);
        long explained = (long)UInt128.Min(MostExplained, ((UInt128)_usual << 16) / length);
        long beyond = Math.Max(0, cosine - explained) * One / (One - explained);
        return (int)Math.Clamp(Steepness * (beyond - Scatter), 0, One);
    }

    /// <summary>How far s has come from where it does not count to where it counts as a copy's: 0 … 1 in Q16.</summary>
    private int Multiple(ulong shared) =>
        shared <= _none ? 0 : shared >= _full ? One : (int)(((UInt128)(shared - _none) << 16) / (_full - _none));

    /// <summary>s of each pair of members, the lower triangle.</summary>
    private ulong[][] Shared()
    {
        var shared = new ulong[_members.Length][];
        var dense = new int[_deltas[0].Dimension];
        for (int i = 0; i < shared.Length; i++)
        {
            SparseDelta delta = _deltas[_members[i]];
            delta.CopyTo(dense);
            shared[i] = [.. Enumerable.Range(0, i).Select(j => Share(_members[i], _members[j], (UInt128)Int128.Max(0, _deltas[_members[j]].Dot(dense))))];
            delta.ClearFrom(dense);
        }

        return shared;
    }

    /// <summary>⌊2⁴⁰ F² ⟨δᵢ,δⱼ⟩ / (L fᵢfⱼ)⌋, F the best fresh gain and L the longest square; at least 1 where the product is positive, so that a copy is never nothing.</summary>
    private ulong Share(int i, int j, UInt128 product)
    {
        BigInteger share = ((product * _bestSquared) << ShareBits) / (_longest * _fresh[i] * _fresh[j]);
        return product == 0 ? 0 : (ulong)BigInteger.Clamp(share, 1, MostShare);
    }
}
