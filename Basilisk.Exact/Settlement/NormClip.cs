using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 1: no candidate is longer than the round's median.</summary>
internal static class NormClip
{
    /// <summary>The lower median of the candidates' norms: of n ascending norms number ⌊(n − 1) / 2⌋ from 0; 0 for none.</summary>
    public static ulong MedianNorm(IReadOnlyList<Candidate> candidates) =>
        Quantile.Lower([.. candidates.Select(candidate => candidate.Delta.Norm)], 2);

    /// <summary>δ · median / |δ| where |δ| is above the median, else δ.</summary>
    public static SparseDelta Clip(SparseDelta delta, ulong median) =>
        delta.Norm > median ? delta.Scale(median, delta.Norm) : delta;

    public static SparseDelta[] ClipAll(IReadOnlyList<Candidate> candidates)
    {
        ulong median = MedianNorm(candidates);
        return [.. candidates.Select(candidate => Clip(candidate.Delta, median))];
    }
}
