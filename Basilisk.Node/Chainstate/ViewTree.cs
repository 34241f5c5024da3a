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

    public void Clear() => _links.Clear();

    public void Remove(ViewLink link) => _links.Remove(link.View.Hash);

    /// <summary>Forgets views below a height.</summary>
    public void Prune(ulong height)
    {
        foreach (ViewLink link in _links.Values.Where(link => link.View.State.Height < height).ToList())
        {
            _links.Remove(link.View.Hash);
        }
    }

    /// <summary>Every view held.</summary>
    public IReadOnlyCollection<ChainView> All() => [.. _links.Values.Select(link => link.View)];

    /// <summary>The view below, or null where it is no longer held.</summary>
    public ViewLink? Below(ViewLink link) => Find(link.View.State.Head.Header.ParentHash);

    /// <summary>A view and those below it, as far as they are held.</summary>
    public IEnumerable<ChainView> Downwards(ViewLink tip)
    {
        for (ViewLink? link = tip; link is not null; link = Below(link))
        {
            yield return link.View;
        }
    }
}
