using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Who is accepted and what each weighs.</summary>
internal sealed class RoundMembers
{
    public RoundMembers(IReadOnlyList<SparseDelta> deltas, bool[] accepted, IReadOnlyList<long> fresh)
    {
        Accepted = accepted;
        Weights = RedundancyWeights.Of(DeltaLikeness.Of(deltas, accepted, fresh));
        TotalWeight = Weights.Sum(weight => (long)weight);
    }

    /// <summary>A.</summary>
    public bool[] Accepted { get; }

    /// <summary>w in Q16.</summary>
    public int[] Weights { get; }

    /// <summary>W in Q16.</summary>
    public long TotalWeight { get; }
}
