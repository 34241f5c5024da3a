using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 1: no candidate is longer than the round's median.</summary>
internal static class NormClip
{
    /// <summary>The lower median of the candidates' norms: of n ascending norms number ⌊(n − 1) / 2⌋ from 0; 0 for none.</summary>
    public static ulong MedianNorm(IReadOnlyList<Candidate> candidates) => MedianNorm(candidates.Select(candidate => candidate.Delta));

    public static SparseDelta[] ClipAll(IReadOnlyList<Candidate> candidates) => ClipAll([.. candidates.Select(candidate => candidate.Delta)]);

    public static SparseDelta[] ClipAll(IReadOnlyList<SparseDelta> deltas)
    {
        ulong median = MedianNorm(deltas);
        return [.. deltas.Select(delta => Clip(delta, median))];
    }

    /// <summary>δ · median / |δ| where |δ| is above the median, else δ.</summary>
    public static SparseDelta Clip(SparseDelta delta, ulong median) =>
        delta.Norm > median ? delta.Scale(median, delta.Norm) : delta;

    private static ulong MedianNorm(IEnumerable<SparseDelta> deltas) => Quantile.Lower([.. deltas.Select(delta => delta.Norm)], 2);
}
