using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Who is accepted, how alike they are, and what each weighs.</summary>
internal sealed class RoundMembers
{
    public RoundMembers(IReadOnlyList<SparseDelta> deltas, bool[] accepted)
    {
        Accepted = accepted;
        Likeness = RedundancyWeights.Likeness(deltas, accepted);
        Weights = RedundancyWeights.Of(Likeness, accepted);
        TotalWeight = Weights.Sum(weight => (long)weight);
    }

    /// <summary>A.</summary>
    public bool[] Accepted { get; }

    /// <summary>c in Q16.</summary>
    public int[][] Likeness { get; }

    /// <summary>w in Q16.</summary>
    public int[] Weights { get; }

    /// <summary>W in Q16.</summary>
    public long TotalWeight { get; }
}
