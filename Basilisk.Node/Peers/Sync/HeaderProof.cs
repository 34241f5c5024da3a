using Basilisk.Chain.Blocks;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// A chain that was checked header by header and not kept: its end, and the hash at the end of each batch. By them it is known again
/// when it is fetched a second time, for a hash commits to all below it.
/// </summary>
internal sealed class HeaderProof(ChainHead from)
{
    private readonly List<Hash256> _ends = [];

    /// <summary>A header that is kept; the chain stands on it.</summary>
    public Hash256 Start { get; } = from.Hash;

    public ChainHead End { get; private set; } = from;

    /// <summary>Hashes at the ends of the batches, in order.</summary>
    public IReadOnlyList<Hash256> Ends => _ends;

    /// <summary>One more batch was checked.</summary>
    public void Extend(ChainHead end)
    {
        End = end;
        _ends.Add(end.Hash);
    }

    /// <summary>Whether headers are those from one hash to another, and none else.</summary>
    public static bool Leads(Hash256 from, IReadOnlyList<BlockHeader> headers, Hash256 to)
    {
        foreach (BlockHeader header in headers)
        {
            if (header.ParentHash != from)
            {
                return false;
            }

            from = header.Hash;
        }

        return from == to;
    }
}
