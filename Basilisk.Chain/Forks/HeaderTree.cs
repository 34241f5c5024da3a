using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Chain.Validation.Header;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Forks;

/// <summary>
/// Every header seen that keeps the header rules, and the fork choice: most accumulated work, first seen wins a tie.
/// Not thread-safe: the owner guards it.
/// </summary>
public sealed class HeaderTree
{
    private readonly ChainRules _rules;
    private readonly HashSet<HeaderNode> _nodes = new(ByHash.Instance);
    private readonly HashSet<HeaderNode> _tips = [];
    private readonly HashSet<HeaderNode>.AlternateLookup<Hash256> _byHash;
    private (HeaderNode Node, ChainHead Head) _lastParent;
    private long _order;

    /// <param name="rules">The network's rules.</param>
    /// <param name="root">Where the tree starts: genesis, or a settled tip that fast synchronisation trusts.</param>
    public HeaderTree(ChainRules rules, ChainHead root)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(root);
        _rules = rules;
        _byHash = _nodes.GetAlternateLookup<Hash256>();
        Root = new HeaderNode(root);
        Best = Root;
        _nodes.Add(Root);
        _tips.Add(Root);
        _lastParent = (Root, root);
    }

    /// <summary>Where the tree starts.</summary>
    public HeaderNode Root { get; }

    /// <summary>The tip with the most work.</summary>
    public HeaderNode Best { get; private set; }

    public int Count => _nodes.Count;

    /// <summary>Ends of branches: valid headers without a valid one on top.</summary>
    public IReadOnlyCollection<HeaderNode> Tips => _tips;

    public HeaderNode? Find(Hash256 hash) => _byHash.TryGetValue(hash, out HeaderNode? node) ? node : null;

    /// <summary>Takes a header in, or the one already there. The clock rule is the caller's.</summary>
    /// <returns>Its node, or why it is refused; <see cref="Tokens.HeaderOrphan"/> asks for its parent first.</returns>
    public Verdict<HeaderNode> Add(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return Find(header.Hash) is null && _rules.Isolation.CheckHeader(header) is { } refusal ? refusal : AddProven(header);
    }

    /// <summary>As <see cref="Add"/>, for a header whose rules in isolation (its work above all) the caller has checked.</summary>
    public Verdict<HeaderNode> AddProven(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (Find(header.Hash) is { } known)
        {
            return known;
        }

        if (Find(header.ParentHash) is not { } parent)
        {
            return new Refusal(RefusalKind.Header, Tokens.HeaderOrphan, $"Parent {header.ParentHash} is unknown.");
        }

        if (parent.IsInvalid)
        {
            return new Refusal(RefusalKind.Header, Tokens.HeaderInvalidAncestor, $"Block {parent.Hash} is invalid, and so is all on top of it.");
        }

        ChainHead head = ReferenceEquals(_lastParent.Node, parent) ? _lastParent.Head : parent.Head;
        if (HeaderRules.Check(_rules.Parameters, head, header) is { } refusal)
        {
            return refusal;
        }

        return Insert(header, parent, head);
    }

    /// <summary>Rules a block out, with all on top of it, because its body or state broke a rule.</summary>
    /// <exception cref="ArgumentException">The block is the tree's root.</exception>
    public void MarkInvalid(HeaderNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Parent is null)
        {
            throw new ArgumentException("The tree's root cannot be invalid.", nameof(node));
        }

        foreach (HeaderNode next in Upwards(node))
        {
            next.IsInvalid = true;
            _tips.Remove(next);
        }

        EndAt(node.Parent);
    }

    /// <summary>Takes headers out of the tree that nobody needs any more: a node with all on top of it.</summary>
    /// <exception cref="ArgumentException">The node is the tree's root.</exception>
    public void Remove(HeaderNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        HeaderNode parent = node.Parent ?? throw new ArgumentException("The tree's root stays.", nameof(node));
        foreach (HeaderNode gone in Upwards(node))
        {
            _nodes.Remove(gone);
            _tips.Remove(gone);
            if (ReferenceEquals(_lastParent.Node, gone))
            {
                _lastParent = (Root, Root.Head);
            }
        }

        parent.Drop(node);
        EndAt(parent);
    }

    /// <summary>The last block that two chains share.</summary>
    public static HeaderNode Fork(HeaderNode left, HeaderNode right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ulong height = Math.Min(left.Height, right.Height);
        HeaderNode? a = AncestorAt(left, height);
        HeaderNode? b = AncestorAt(right, height);
        while (a is not null && b is not null && !ReferenceEquals(a, b))
        {
            // Equal heights have skips of equal heights: where those differ, the fork lies below both.
            bool skips = !ReferenceEquals(a.Skip, b.Skip);
            a = skips ? a.Skip : a.Parent;
            b = skips ? b.Skip : b.Parent;
        }

        return a is not null && b is not null ? a : throw new ArgumentException("The tips belong to different trees.", nameof(right));
    }

    /// <summary>The way from one tip to another, over their last common block.</summary>
    public static ChainSwitch Switch(HeaderNode from, HeaderNode to)
    {
        HeaderNode fork = Fork(from, to);
        return new ChainSwitch(fork, [.. Between(fork, from).Reverse()], [.. Between(fork, to)]);
    }

    /// <summary>The nodes above one, up to another on top of it, lowest first.</summary>
    public static IReadOnlyList<HeaderNode> Between(HeaderNode from, HeaderNode to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var nodes = new List<HeaderNode>();
        for (HeaderNode? node = to; !ReferenceEquals(node, from); node = node.Parent)
        {
            nodes.Add(node ?? throw new ArgumentException("The one does not stand on the other.", nameof(to)));
        }

        nodes.Reverse();
        return nodes;
    }

    /// <summary>The ancestor of a node at a height, itself included; null below the root or above the node.</summary>
    public static HeaderNode? AncestorAt(HeaderNode node, ulong height)
    {
        ArgumentNullException.ThrowIfNull(node);
        HeaderNode? current = node;
        while (current is not null && current.Height > height)
        {
            // The skip, unless it leads too far, or the parent's leads nearer.
            HeaderNode? skip = current.Skip;
            HeaderNode? next = current.Parent?.Skip;
            bool takesSkip = skip is not null
                && (skip.Height == height
                    || (skip.Height > height && !(next is not null && next.Height + 2 < skip.Height && next.Height >= height)));
            current = takesSkip ? skip : current.Parent;
        }

        return current?.Height == height ? current : null;
    }

    /// <summary>Whether a node is an ancestor of another, or the same.</summary>
    public static bool Leads(HeaderNode from, HeaderNode to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return ReferenceEquals(AncestorAt(to, from.Height), from);
    }

    /// <summary>
    /// Hashes to tell a peer where one's chain is: the tip, ten below one by one, then at doubling distances, the root.
    /// </summary>
    public static ImmutableArray<Hash256> Locator(HeaderNode tip)
    {
        ArgumentNullException.ThrowIfNull(tip);
        ImmutableArray<Hash256>.Builder hashes = ImmutableArray.CreateBuilder<Hash256>();
        ulong stride = 1;
        HeaderNode node = tip;
        while (true)
        {
            hashes.Add(node.Hash);
            if (node.Parent is null)
            {
                return hashes.ToImmutable();
            }

            stride = hashes.Count > 10 ? stride * 2 : 1;
            node = node.Height > stride ? AncestorAt(node, node.Height - stride) ?? RootOf(node) : RootOf(node);
        }
    }

    private static HeaderNode RootOf(HeaderNode node)
    {
        while (node.Parent is not null)
        {
            node = node.Skip ?? node.Parent;
        }

        return node;
    }

    private static IEnumerable<HeaderNode> Upwards(HeaderNode node)
    {
        var open = new Stack<HeaderNode>([node]);
        while (open.TryPop(out HeaderNode? next))
        {
            yield return next;
            foreach (HeaderNode child in next.Children)
            {
                open.Push(child);
            }
        }
    }

    private HeaderNode Insert(BlockHeader header, HeaderNode parent, ChainHead parentHead)
    {
        var node = new HeaderNode(header, parent, _rules.Parameters, ++_order, Root.Height);
        _nodes.Add(node);
        _tips.Remove(parent);
        _tips.Add(node);
        _lastParent = (node, parentHead.Extend(header, _rules.Parameters.Difficulty));
        if (node.Beats(Best))
        {
            Best = node;
        }

        return node;
    }

    /// <summary>What was on top of a node is gone or invalid: it may be a branch's end now.</summary>
    private void EndAt(HeaderNode node)
    {
        if (!node.IsInvalid && node.Children.All(child => child.IsInvalid))
        {
            _tips.Add(node);
        }

        if (!_tips.Contains(Best))
        {
            Best = _tips.Aggregate((best, next) => next.Beats(best) ? next : best);
        }
    }

    private sealed class ByHash : IEqualityComparer<HeaderNode>, IAlternateEqualityComparer<Hash256, HeaderNode>
    {
        public static ByHash Instance { get; } = new();

        public bool Equals(HeaderNode? x, HeaderNode? y) => x?.Hash == y?.Hash;

        public int GetHashCode(HeaderNode obj) => obj.Hash.GetHashCode();

        public bool Equals(Hash256 alternate, HeaderNode other) => other.Hash == alternate;

        public int GetHashCode(Hash256 alternate) => alternate.GetHashCode();

        public HeaderNode Create(Hash256 alternate) => throw new NotSupportedException("A hash alone is no header.");
    }
}
