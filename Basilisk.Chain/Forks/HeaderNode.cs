using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Forks;

/// <summary>A header in the tree of all headers seen.</summary>
public sealed class HeaderNode
{
    private readonly List<HeaderNode> _children = [];

    internal HeaderNode(ChainHead head, HeaderNode? parent, long order)
    {
        Head = head;
        Parent = parent;
        Order = order;
        parent?._children.Add(this);
    }

    /// <summary>The header with the work and times up to it.</summary>
    public ChainHead Head { get; }

    /// <summary>Null at the tree's root.</summary>
    public HeaderNode? Parent { get; }

    /// <summary>Whether a rule that headers cannot show was broken here or below: never on the best chain.</summary>
    public bool IsInvalid { get; internal set; }

    public BlockHeader Header => Head.Header;

    public Hash256 Hash => Head.Hash;

    public ulong Height => Head.Height;

    public UInt256 TotalWork => Head.TotalWork;

    /// <summary>When it was seen, as a count: the earlier wins a tie.</summary>
    internal long Order { get; }

    internal IReadOnlyList<HeaderNode> Children => _children;

    /// <summary>Whether this one is to be preferred: more work, or as much and seen first.</summary>
    internal bool Beats(HeaderNode other) =>
        TotalWork > other.TotalWork || (TotalWork == other.TotalWork && Order < other.Order);
}
