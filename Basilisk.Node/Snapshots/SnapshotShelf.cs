using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>
/// The snapshots that the node offers: the newest that is deep enough, and a few before it, so that a peer in the middle of one can
/// finish. Views share nearly all their memory, so holding them costs little. The writer moves it; everybody reads it.
/// </summary>
public sealed class SnapshotShelf(NetworkParameters parameters)
{
    /// <summary>Snapshots held: a download may take as long as two more rounds take to settle.</summary>
    public const int Held = 3;

    private volatile ChainView[] _views = [];

    /// <summary>The newest; null while no settled round is deep enough.</summary>
    public ChainView? Newest => _views.FirstOrDefault();

    /// <summary>All that are held, newest first.</summary>
    public IReadOnlyList<ChainView> Views => _views;

    /// <summary>The state after a block, if it is held.</summary>
    public ChainView? Find(Hash256 block) => _views.FirstOrDefault(view => view.Hash == block);

    /// <summary>Takes what has become deep enough, and drops what is on the chain no more.</summary>
    /// <param name="tip">Tip of the chain.</param>
    /// <param name="chain">Views from the tip down, as far as they are held.</param>
    internal void Follow(ChainView tip, IEnumerable<ChainView> chain)
    {
        bool IsDeep(ChainView view) => SnapshotRules.IsDeep(parameters.Rounds, view.State.Height, tip.State.Height);
        Dictionary<long, ChainView> onChain = chain.ToDictionary(view => view.Height);

        // Below the views held nothing is reorganised; above, only what the chain has at that height stays.
        IEnumerable<ChainView> still = _views.Where(held => !onChain.TryGetValue(held.Height, out ChainView? now) || now.Hash == held.Hash);
        IEnumerable<ChainView> fresh = onChain.Values.Where(SnapshotRules.EndsSettledRound);
        _views = [.. still.Concat(fresh).Where(IsDeep).DistinctBy(view => view.Hash).OrderByDescending(view => view.Height).Take(Held)];
    }
}
