using System.Numerics;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Views of the past that older views are rebuilt from: at most two for each doubling of age, so their number grows with the
/// logarithm of the chain, and going back d blocks never replays more than a few times d. Used by the writer alone.
/// </summary>
internal sealed class ViewAnchors
{
    private const int PerDoubling = 2;

    private readonly Dictionary<Hash256, ChainView> _views = [];
    private readonly HashSet<Hash256> _kept = [];

    public int Count => _views.Count;

    public ChainView? Find(Hash256 hash) => _views.GetValueOrDefault(hash);

    /// <summary>Takes a view in for good: where the chain, or this node's part of it, begins.</summary>
    public void Keep(ChainView view)
    {
        _views[view.Hash] = view;
        _kept.Add(view.Hash);
    }

    public void Clear()
    {
        _views.Clear();
        _kept.Clear();
    }

    /// <summary>Takes a view in, and lets others go that have grown too close to each other for their age.</summary>
    /// <param name="view">The view.</param>
    /// <param name="tip">Height of the tip.</param>
    public void Add(ChainView view, ulong tip)
    {
        _views.TryAdd(view.Hash, view);
        IEnumerable<IGrouping<int, ChainView>> ages = _views.Values.GroupBy(each => BitOperations.Log2(Math.Max(1, tip - Math.Min(tip, each.State.Height))));
        foreach (IGrouping<int, ChainView> age in ages.ToList())
        {
            // The oldest and the newest of an age stay: what lies between is reached from the oldest.
            List<ChainView> byHeight = [.. age.OrderBy(each => each.State.Height)];
            foreach (ChainView middle in byHeight.Skip(1).SkipLast(1).Take(Math.Max(0, byHeight.Count - PerDoubling)).Where(each => !_kept.Contains(each.Hash)))
            {
                _views.Remove(middle.Hash);
            }
        }
    }
}
