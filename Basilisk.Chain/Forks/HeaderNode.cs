using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Forks;

/// <summary>
/// A header in the tree of all headers seen. Kept small, because an archive holds millions: the header is packed, and read from
/// its bytes when it is asked for. A second pointer leads far down, so that any ancestor is found in logarithmic time.
/// </summary>
public sealed class HeaderNode
{
    private readonly ChainHead? _root;
    private readonly PackedHeader _packed;
    private HeaderNode? _firstChild;
    private HeaderNode? _nextSibling;

    /// <summary>The tree's root.</summary>
    internal HeaderNode(ChainHead root)
    {
        _root = root;
        _packed = PackedHeader.Pack(root.Header, null);
        Hash = root.Hash;
        Height = root.Height;
        TotalWork = root.TotalWork;
        Clock = root.Clock;
    }

    /// <summary>A header on top of another; the caller has checked it.</summary>
    internal HeaderNode(BlockHeader header, HeaderNode parent, NetworkParameters parameters, long order, ulong rootHeight)
    {
        _packed = PackedHeader.Pack(header, parent._packed);
        Parent = parent;
        Hash = header.Hash;
        Height = header.Height;
        Order = order;
        TotalWork = parent.TotalWork + Work.Of(header.Target);
        Clock = parent.Clock.Next(header.Time, parameters.Difficulty.HalfLife);
        Settled = parent.Settled + (parameters.Rounds.IsLastOfRound(header.Height) && header.ModelRoot != parent.ModelRoot ? 1 : 0);
        Skip = HeaderTree.AncestorAt(parent, rootHeight + SkipHeight(Height - rootHeight));
        _nextSibling = parent._firstChild;
        parent._firstChild = this;
    }

    /// <summary>Null at the tree's root.</summary>
    public HeaderNode? Parent { get; }

    public Hash256 Hash { get; }

    public ulong Height { get; }

    /// <summary>Expected hashes of the whole chain up to here.</summary>
    public UInt256 TotalWork { get; }

    /// <summary>Rounds between the tree's root and here that moved the model, this block's included.</summary>
    public int Settled { get; }

    /// <summary>Whether a rule that headers cannot show was broken here or below: never on the best chain.</summary>
    public bool IsInvalid { get; internal set; }

    /// <summary>The header, read from its packed bytes.</summary>
    public BlockHeader Header => _root?.Header ?? _packed.Unpack(Hash, Parent!.Hash, Height);

    /// <summary>The header with the work and times up to it.</summary>
    public ChainHead Head => _root ?? new ChainHead(Header, RecentTimes(), TotalWork, Clock);

    /// <summary>Checkpoint in force after this block.</summary>
    public Hash256 ModelRoot => _packed.ModelRoot;

    /// <summary>When it was seen, as a count: the earlier wins a tie.</summary>
    internal long Order { get; }

    /// <summary>An ancestor far below.</summary>
    internal HeaderNode? Skip { get; }

    private ChainClock Clock { get; }

    internal IEnumerable<HeaderNode> Children
    {
        get
        {
            for (HeaderNode? child = _firstChild; child is not null; child = child._nextSibling)
            {
                yield return child;
            }
        }
    }

    /// <summary>Whether this one is to be preferred: more work, or as much and seen first.</summary>
    public bool Beats(HeaderNode other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return TotalWork > other.TotalWork || (TotalWork == other.TotalWork && Order < other.Order);
    }

    /// <summary>Whether more than one header stands on this one.</summary>
    public bool IsBranching => _firstChild?._nextSibling is not null;

    /// <summary>Whether it was seen before another.</summary>
    public bool IsOlderThan(HeaderNode other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Order < other.Order;
    }

    /// <summary>Takes a child out of the tree.</summary>
    internal void Drop(HeaderNode child)
    {
        if (ReferenceEquals(_firstChild, child))
        {
            _firstChild = child._nextSibling;
            return;
        }

        HeaderNode? before = _firstChild;
        while (before is not null && !ReferenceEquals(before._nextSibling, child))
        {
            before = before._nextSibling;
        }

        before?._nextSibling = child._nextSibling;
    }

    private ImmutableArray<ulong> RecentTimes()
    {
        var times = new ulong[TimeRules.MedianWindow];
        int free = times.Length;
        HeaderNode node = this;
        while (free > 0)
        {
            if (node._root is { } root)
            {
                int taken = Math.Min(free, root.RecentTimes.Length);
                free -= taken;
                root.RecentTimes.CopyTo(root.RecentTimes.Length - taken, times, free, taken);
                break;
            }

            times[--free] = node._packed.Time;
            node = node.Parent!;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(times[free..]);
    }

    // As in Bitcoin Core: one pointer per node, of distances that let any height be reached in about 2 log₂ n steps.
    private static ulong SkipHeight(ulong height) => height < 2
        ? 0
        : (height & 1) == 0 ? DropLowestBit(height) : DropLowestBit(DropLowestBit(height - 1)) + 1;

    private static ulong DropLowestBit(ulong value) => value & (value - 1);
}
