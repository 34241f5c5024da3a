using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>Reads one entry of a state; null where there is none.</summary>
public interface IStateReader
{
    byte[]? Get(Hash256 key);
}

/// <summary>
/// The state as a compact sparse Merkle tree over 256-bit keys. A subtree with one entry is that entry, so the form
/// depends on the entries alone and not on the order they came in. Every version is immutable and shares what did not
/// change with the one before: readers keep theirs while the writer goes on, and a block costs a path per changed key.
/// </summary>
public sealed class StateTree : IStateReader
{
    private readonly StateNode? _root;

    internal StateTree(StateNode? root)
    {
        _root = root;
    }

    /// <summary>No entries; its root is zero.</summary>
    public static StateTree Empty { get; } = new(null);

    /// <summary>The state root. Computed when first asked for.</summary>
    public Hash256 Root => _root?.Hash ?? Hash256.Zero;

    /// <summary>Number of entries.</summary>
    public int Count => _root?.Count ?? 0;

    /// <summary>The value of a key; do not write to it. Null where there is none.</summary>
    public byte[]? Get(Hash256 key)
    {
        var path = new KeyBits(key);
        StateNode? node = _root;
        for (int depth = 0; node is StateBranch branch; depth++)
        {
            node = path[depth] ? branch.Right : branch.Left;
        }

        return node is StateLeaf leaf && leaf.Key == key ? leaf.Value : null;
    }

    /// <summary>The tree with one entry set, or removed where the value is null.</summary>
    public StateTree With(Hash256 key, byte[]? value)
    {
        StateNode? root = value is null ? Remove(_root, new KeyBits(key), 0) : Put(_root, new KeyBits(key), new StateLeaf(key, value), 0);
        return ReferenceEquals(root, _root) ? this : new StateTree(root);
    }

    /// <summary>Every entry, by rising key.</summary>
    public IReadOnlyList<KeyValuePair<Hash256, byte[]>> Entries() => Below(_root);

    /// <summary>The tree of some entries, by strictly rising key.</summary>
    /// <exception cref="ArgumentException">A key is not above the one before.</exception>
    public static StateTree Of(ReadOnlySpan<KeyValuePair<Hash256, byte[]>> entries)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            if (entries[i].Key <= entries[i - 1].Key)
            {
                throw new ArgumentException($"Entry {i} does not have a higher key than the one before it.", nameof(entries));
            }
        }

        return new StateTree(StateNode.Build(entries, 0));
    }

    /// <summary>
    /// Every entry under a prefix, with what proves that there are no others. Null where there are more than
    /// <paramref name="most"/>: ask for the halves of the prefix.
    /// </summary>
    public StateRange? Range(KeyPrefix prefix, int most)
    {
        var siblings = new List<Hash256>();
        var path = new KeyBits(prefix.Key);
        StateNode? node = _root;
        for (int depth = 0; depth < prefix.Bits && node is StateBranch branch; depth++)
        {
            (node, StateNode? other) = path[depth] ? (branch.Right, branch.Left) : (branch.Left, branch.Right);
            siblings.Add(other?.Hash ?? Hash256.Zero);
        }

        return node?.Count > most ? null : new StateRange(prefix, Below(node), siblings);
    }

    private static List<KeyValuePair<Hash256, byte[]>> Below(StateNode? root)
    {
        var entries = new List<KeyValuePair<Hash256, byte[]>>(root?.Count ?? 0);
        var open = new Stack<StateNode?>();
        open.Push(root);
        while (open.TryPop(out StateNode? node))
        {
            switch (node)
            {
                case StateLeaf leaf:
                    entries.Add(new(leaf.Key, leaf.Value));
                    break;
                case StateBranch branch:
                    open.Push(branch.Right);
                    open.Push(branch.Left);
                    break;
            }
        }

        return entries;
    }

    /// <summary>A proof that a key has its value, or none, under <see cref="Root"/>.</summary>
    public StateProof Prove(Hash256 key)
    {
        var siblings = new List<Hash256>();
        var path = new KeyBits(key);
        StateNode? node = _root;
        for (int depth = 0; node is StateBranch branch; depth++)
        {
            (node, StateNode? other) = path[depth] ? (branch.Right, branch.Left) : (branch.Left, branch.Right);
            siblings.Add(other?.Hash ?? Hash256.Zero);
        }

        return new StateProof(key, siblings, node is StateLeaf leaf ? new(leaf.Key, leaf.Value) : null);
    }

    private static StateNode Put(StateNode? node, KeyBits path, StateLeaf leaf, int depth)
    {
        switch (node)
        {
            case null:
                return leaf;
            case StateLeaf old when old.Key == leaf.Key:
                return old.Value.AsSpan().SequenceEqual(leaf.Value) ? old : leaf;
            case StateLeaf old:
                return Part(old, new KeyBits(old.Key), leaf, path, depth);
            default:
                var branch = (StateBranch)node;
                StateNode? side = path[depth] ? branch.Right : branch.Left;
                StateNode changed = Put(side, path, leaf, depth + 1);
                if (ReferenceEquals(side, changed))
                {
                    return branch;
                }

                return path[depth] ? new StateBranch(branch.Left, changed) : new StateBranch(changed, branch.Right);
        }
    }

    /// <summary>Two entries that share their path so far, put under as many branches as their keys agree.</summary>
    private static StateBranch Part(StateLeaf first, KeyBits firstPath, StateLeaf second, KeyBits secondPath, int depth)
    {
        if (firstPath[depth] == secondPath[depth])
        {
            StateBranch below = Part(first, firstPath, second, secondPath, depth + 1);
            return firstPath[depth] ? new StateBranch(null, below) : new StateBranch(below, null);
        }

        return firstPath[depth] ? new StateBranch(second, first) : new StateBranch(first, second);
    }

    private static StateNode? Remove(StateNode? node, KeyBits path, int depth)
    {
        if (node is StateLeaf leaf)
        {
            return path.IsKey(leaf.Key) ? null : leaf;
        }

        if (node is not StateBranch branch)
        {
            return null;
        }

        StateNode? side = path[depth] ? branch.Right : branch.Left;
        StateNode? changed = Remove(side, path, depth + 1);
        if (ReferenceEquals(side, changed))
        {
            return branch;
        }

        StateNode? other = path[depth] ? branch.Left : branch.Right;
        if ((changed is null && other is StateLeaf) || (other is null && changed is StateLeaf))
        {
            return changed ?? other; // one entry is left: it takes the branch's place
        }

        return path[depth] ? new StateBranch(other, changed) : new StateBranch(changed, other);
    }
}
