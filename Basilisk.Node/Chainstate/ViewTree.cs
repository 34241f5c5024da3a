using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>A view and the block that made it.</summary>
/// <param name="View">The chain up to the block.</param>
/// <param name="Connected">What the block did; null at the root.</param>
public sealed record ViewLink(ChainView View, ConnectedBlock? Connected);

/// <summary>The views of recent blocks, on the best chain and beside it. Used by the writer alone.</summary>
internal sealed class ViewTree
{
    private readonly Dictionary<Hash256, ViewLink> _links = [];

    public ViewLink? Find(Hash256 hash) => _links.GetValueOrDefault(hash);

    public ViewLink Root(ChainView view) => _links[view.Hash] = new ViewLink(view, null);

    /// <summary>The view after a block: state, trail of rounds and totals.</summary>
    public ViewLink Extend(ViewLink parent, ConnectedBlock connected)
    {
        ChainView before = parent.View;
        RoundTrail trail = before.Trail;
        ChainTotals totals = before.Totals;
        if (connected.RoundEnd is { } end)
        {
            trail = trail.Push(new EndedRound(end.Outcome.Round, before.State.ModelRoot, [.. before.State.Reveals().Select(unit => unit.PayloadHash)]));
            totals = totals.Add(end);
        }

        return _links[connected.Block.Hash] = new ViewLink(new ChainView(connected.State, trail, totals), connected);
    }

    public void Remove(ViewLink link) => _links.Remove(link.View.Hash);

    /// <summary>Forgets views below a height.</summary>
    public void Prune(ulong height)
    {
        foreach (ViewLink link in _links.Values.Where(link => link.View.State.Height < height).ToList())
        {
            _links.Remove(link.View.Hash);
        }
    }

    /// <summary>Views that no other stands on.</summary>
    public IEnumerable<ChainView> Tips()
    {
        var parents = _links.Values.Select(link => link.View.State.Head.Header.ParentHash).ToHashSet();
        return _links.Values.Where(link => !parents.Contains(link.View.Hash)).Select(link => link.View);
    }
}
