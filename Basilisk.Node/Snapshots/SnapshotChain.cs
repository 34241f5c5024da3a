using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Snapshots;

/// <summary>The node's chain as fast synchronisation sees it.</summary>
public sealed class SnapshotChain(ChainstateService chainstate) : ISnapshotChain
{
    public NetworkParameters Parameters => chainstate.Parameters;

    public bool IsEmpty => chainstate.Current.Height == 0;

    public HeaderTip BestHeader
    {
        get
        {
            HeaderNode best = chainstate.Headers.Best;
            return new HeaderTip(best.Hash, best.Height, best.TotalWork);
        }
    }

    public IReadOnlyList<BlockHeader> BestHeaders(Hash256 block, int most)
    {
        if (chainstate.Headers.Find(block) is not { } last || !chainstate.Headers.IsOnBest(last))
        {
            return [];
        }

        var headers = new List<BlockHeader>();
        for (HeaderNode? node = last; node is not null && headers.Count < most; node = node.Parent)
        {
            headers.Add(node.Header);
        }

        headers.Reverse();
        return headers;
    }

    public Task<bool> InstallAsync(SnapshotContent content, CancellationToken cancellation) => chainstate.InstallAsync(content, cancellation);
}
