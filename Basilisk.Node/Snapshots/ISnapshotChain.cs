using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Snapshots;

/// <summary>The chain as fast synchronisation sees it. Thread-safe.</summary>
public interface ISnapshotChain
{
    NetworkParameters Parameters { get; }

    /// <summary>Whether no block is on top of genesis yet: only then may a snapshot be installed.</summary>
    bool IsEmpty { get; }

    /// <summary>End of the best header chain.</summary>
    HeaderTip BestHeader { get; }

    /// <summary>A block's header and those below it, lowest first; none where the block is not on the best header chain.</summary>
    IReadOnlyList<BlockHeader> BestHeaders(Hash256 block, int most);

    /// <summary>Makes the snapshot the start of the chain, in one append to the log.</summary>
    /// <returns>False where the chain is no longer empty, or the block no longer on the best header chain.</returns>
    Task<bool> InstallAsync(SnapshotContent content, CancellationToken cancellation);
}
