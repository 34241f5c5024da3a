using System.Collections.Concurrent;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>A view and the block that made it.</summary>
/// <param name="View">The chain up to the block.</param>
/// <param name="Connected">What the block did; null at the root.</param>
public sealed record ViewLink(ChainView View, ConnectedBlock? Connected);

/// <summary>
/// The views of recent blocks, on the best chain and beside it, and a few older ones to rebuild others from. Written by the writer
/// alone; <see cref="Find"/> is for everybody.
/// </summary>
internal sealed class ViewTree
{
    private readonly ConcurrentDictionary<Hash256, ViewLink> _links = new();

    /// <summary>Older views, at growing distances.</summary>
    public ViewAnchors Anchors { get; } = new();

    public ViewLink? Find(Hash256 hash) => _links.GetValueOrDefault(hash);

    /// <summary>A view that others are built on, here for good.</summary>
    public ViewLink Root(ChainView view)
    {
        Anchors.Keep(view);
        return Put(new ViewLink(view, null));
    }

    /// <summary>A view that was an anchor stands among the recent ones again.</summary>
    public ViewLink Restore(ChainView anchor) => Find(anchor.Hash) ?? Put(new ViewLink(anchor, null));

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

        return Put(new ViewLink(new ChainView(connected.State, trail, totals), connected));
    }

    public void Clear()
    {
        _links.Clear();
        Anchors.Clear();
    }

    public void Remove(ViewLink link) => _links.TryRemove(link.View.Hash, out _);

    /// <summary>
    /// Forgets views below a height, with those beside the chain that stand on them; at the ends of rounds some of the chain's stay as
    /// anchors.
    /// </summary>
    /// <param name="height">Lowest height that stays.</param>
    /// <param name="tip">Tip of the chain.</param>
    public void Prune(ulong height, ChainView tip)
    {
        HashSet<Hash256> chain = Find(tip.Hash) is { } top ? [.. Downwards(top).Select(view => view.Hash)] : [];
        foreach (ViewLink link in _links.Values.OrderBy(link => link.View.State.Height).ToList())
        {
            ChainView view = link.View;
            bool isOnChain = chain.Contains(view.Hash);
            if (view.State.Height >= height && (isOnChain || Below(link) is not null))
            {
                continue;
            }

            if (isOnChain)
            {
                Retire(link, tip.State.Height);
            }
            else
            {
                Remove(link);
            }
        }
    }

    /// <summary>Forgets a view of the chain; at the end of a round it may stay as an anchor.</summary>
    /// <param name="link">The view.</param>
    /// <param name="tip">Height that its age is counted from.</param>
    public void Retire(ViewLink link, ulong tip)
    {
        Remove(link);
        if (link.View.State.Parameters.Rounds.IsLastOfRound(link.View.State.Height))
        {
            Anchors.Add(link.View, tip);
        }
    }

    /// <summary>Every recent view.</summary>
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

    private ViewLink Put(ViewLink link) => _links[link.View.Hash] = link;
}
