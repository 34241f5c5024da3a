using Basilisk.Chain.Hashing;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>A node of the state tree. Immutable; its hash is computed when first asked for, and the same whoever asks.</summary>
internal abstract class StateNode
{
    private object? _hash; // boxed: a reference is published whole to other threads

    public Hash256 Hash => (Hash256)(_hash ??= ComputeHash());

    /// <summary>Entries below.</summary>
    public abstract int Count { get; }

    /// <summary>The node of two halves, by the tree's form: a subtree with one entry is that entry.</summary>
    public static StateNode? Join(StateNode? left, StateNode? right) => (left, right) switch
    {
        (null, null) => null,
        (StateLeaf only, null) => only,
        (null, StateLeaf only) => only,
        _ => new StateBranch(left, right),
    };

    /// <summary>The subtree of some entries by strictly rising key, which share their first <paramref name="depth"/> bits.</summary>
    public static StateNode? Build(ReadOnlySpan<KeyValuePair<Hash256, byte[]>> entries, int depth)
    {
        if (entries.Length < 2)
        {
            return entries.IsEmpty ? null : new StateLeaf(entries[0].Key, entries[0].Value);
        }

        int split = 0;
        int end = entries.Length;
        while (split < end)
        {
            int middle = (split + end) / 2;
            (split, end) = new KeyBits(entries[middle].Key)[depth] ? (split, middle) : (middle + 1, end);
        }

        return new StateBranch(Build(entries[..split], depth + 1), Build(entries[split..], depth + 1));
    }

    protected abstract Hash256 ComputeHash();
}

/// <summary>The only entry of its subtree; its hash is Keccak-256(0x00 ‖ key ‖ value).</summary>
internal sealed class StateLeaf(Hash256 key, byte[] value) : StateNode
{
    public Hash256 Key { get; } = key;

    public byte[] Value { get; } = value;

    public override int Count => 1;

    public static Hash256 HashOf(Hash256 key, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[1 + Hash256.Size];
        head[0] = 0;
        key.CopyTo(head[1..]);
        return Keccak256.HashJoined(head, value);
    }

    protected override Hash256 ComputeHash() => HashOf(Key, Value);
}

/// <summary>A subtree of two or more entries; its hash is Keccak-256(0x01 ‖ left ‖ right), zero standing for an empty side.</summary>
internal sealed class StateBranch(StateNode? left, StateNode? right) : StateNode
{
    public StateNode? Left { get; } = left;

    public StateNode? Right { get; } = right;

    public override int Count { get; } = (left?.Count ?? 0) + (right?.Count ?? 0);

    public static Hash256 HashOf(Hash256 left, Hash256 right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Hash256.Size)];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Hash256.Size)..]);
        return Keccak256.Hash(bytes);
    }

    protected override Hash256 ComputeHash() => HashOf(Left?.Hash ?? Hash256.Zero, Right?.Hash ?? Hash256.Zero);
}
