using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Forks;

/// <summary>
/// Every header seen that keeps the header rules, and the fork choice: most accumulated work, first seen wins a tie.
/// Used by one thread (the node's writer).
/// </summary>
public sealed class HeaderTree
{
    private readonly ChainRules _rules;
    private readonly Dictionary<Hash256, HeaderNode> _nodes = [];
    private readonly HeaderNode _root;

    /// <param name="rules">The network's rules.</param>
    /// <param name="root">Where the tree starts: genesis, or a settled tip that fast synchronisation trusts.</param>
    public HeaderTree(ChainRules rules, ChainHead root)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(root);
        _rules = rules;
        _root = new HeaderNode(root, null, 0);
        _nodes.Add(root.Hash, _root);
        Best = _root;
    }

    /// <summary>The tip to be on.</summary>
    public HeaderNode Best { get; private set; }

    public int Count => _nodes.Count;

    public HeaderNode? Find(Hash256 hash) => _nodes.GetValueOrDefault(hash);

    /// <summary>Takes a header in, or the one already there. The clock rule is the caller's.</summary>
    /// <returns>Its node, or why it is refused; <see cref="Tokens.HeaderOrphan"/> asks for its parent first.</returns>
    public Verdict<HeaderNode> Add(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (_nodes.TryGetValue(header.Hash, out HeaderNode? known))
        {
            return known;
        }

        if (!_nodes.TryGetValue(header.ParentHash, out HeaderNode? parent))
        {
            return new Refusal(RefusalKind.Header, Tokens.HeaderOrphan, $"Parent {header.ParentHash} is unknown.");
        }

        if (parent.IsInvalid)
        {
            return new Refusal(RefusalKind.Header, Tokens.HeaderInvalidAncestor, $"Block {parent.Hash} is invalid, and so is all on top of it.");
        }

        if (_rules.CheckHeader(parent.Head, header) is { } refusal)
        {
            return refusal;
        }

        var node = new HeaderNode(parent.Head.Extend(header, _rules.Parameters.Difficulty), parent, _nodes.Count);
        _nodes.Add(node.Hash, node);
        if (node.Beats(Best))
        {
            Best = node;
        }

        return node;
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

        var open = new Stack<HeaderNode>([node]);
        while (open.TryPop(out HeaderNode? next))
        {
            next.IsInvalid = true;
            foreach (HeaderNode child in next.Children)
            {
                open.Push(child);
            }
        }

        if (Best.IsInvalid)
        {
            Best = _nodes.Values.Where(candidate => !candidate.IsInvalid).Aggregate((best, next) => next.Beats(best) ? next : best);
        }
    }

    /// <summary>The way from one tip to another, over their last common block.</summary>
    public static ChainSwitch Switch(HeaderNode from, HeaderNode to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ImmutableArray<HeaderNode>.Builder down = ImmutableArray.CreateBuilder<HeaderNode>();
        ImmutableArray<HeaderNode>.Builder up = ImmutableArray.CreateBuilder<HeaderNode>();
        while (!ReferenceEquals(from, to))
        {
            if (from.Height >= to.Height)
            {
                down.Add(from);
                from = from.Parent ?? throw new ArgumentException("The tips belong to different trees.", nameof(from));
            }
            else
            {
                up.Add(to);
                to = to.Parent ?? throw new ArgumentException("The tips belong to different trees.", nameof(to));
            }
        }

        up.Reverse();
        return new ChainSwitch(from, down.ToImmutable(), up.ToImmutable());
    }

    /// <summary>The ancestor of a node at a height, itself included; null below the root or above the node.</summary>
    public static HeaderNode? AncestorAt(HeaderNode node, ulong height)
    {
        ArgumentNullException.ThrowIfNull(node);
        HeaderNode? current = node;
        while (current is not null && current.Height > height)
        {
            current = current.Parent;
        }

        return current?.Height == height ? current : null;
    }

    /// <summary>
    /// Hashes to tell a peer where one's chain is: the tip, ten below one by one, then at doubling distances, the root.
    /// </summary>
    public static ImmutableArray<Hash256> Locator(HeaderNode tip)
    {
        ImmutableArray<Hash256>.Builder hashes = ImmutableArray.CreateBuilder<Hash256>();
        ulong stride = 1;
        HeaderNode? node = tip;
        while (node is not null)
        {
            hashes.Add(node.Hash);
            stride = hashes.Count > 10 ? stride * 2 : 1;
            HeaderNode? next = node;
            for (ulong i = 0; i < stride && next?.Parent is not null; i++)
            {
                next = next.Parent;
            }

            node = ReferenceEquals(next, node) ? null : next;
        }

        return hashes.ToImmutable();
    }
}
