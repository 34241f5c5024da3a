using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>The view that a chain goes on from.</summary>
public static class SnapshotViews
{
    /// <summary>
    /// The view of a snapshot. What can be added up from the state is exact (gain, credit, settled rounds); losses are known from the
    /// first round judged here on.
    /// </summary>
    /// <exception cref="ArgumentException">The state is not the one in the header.</exception>
    public static ChainView Of(NetworkParameters parameters, ChainHead head, SnapshotContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var state = new ChainState(parameters, head, content.State);
        var credit = (Int128)(UInt128)(System.Numerics.BigInteger)StateSummary.Of(content.State).Credit;
        var totals = new ChainTotals(credit, credit, (long)state.Chain.RoundsSettled, null, null, null, 0);
        return new ChainView(state, content.Trail, totals);
    }
}
