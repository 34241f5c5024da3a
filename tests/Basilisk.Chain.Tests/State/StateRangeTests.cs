using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Exact.Hashing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Basilisk.Chain.Tests.State;

/// <summary>Chunks of a state: they make it whole again however it is split, and nothing else passes for them.</summary>
public sealed class StateRangeTests
{
    [Fact]
    public void Any_split_of_any_tree_makes_it_whole_again_in_any_order() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        StateTree tree = RandomTree(random);
        var builder = new StateTreeBuilder(tree.Root);
        KeyPrefix[] split = [.. Split(KeyPrefix.Whole, random)];
        random.Shuffle(split);
        foreach (KeyPrefix prefix in split)
        {
            Assert.False(builder.IsComplete);
            Assert.Null(builder.Add(tree.Range(prefix, int.MaxValue)!));
            Assert.True(builder.Covers(prefix));
        }

        Assert.True(builder.IsComplete);
        AssertSame(tree, builder.Tree);
        return true;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Halving_what_is_too_large_gets_the_whole_tree(int most)
    {
        StateTree tree = Tree(300);
        var builder = new StateTreeBuilder(tree.Root);
        var open = new Stack<KeyPrefix>([KeyPrefix.Whole]);
        while (open.TryPop(out KeyPrefix prefix))
        {
            if (tree.Range(prefix, most) is { } range)
            {
                Assert.True(range.Entries.Count <= most);
                Assert.Null(builder.Add(range));
            }
            else
            {
                open.Push(prefix.Left);
                open.Push(prefix.Right);
            }
        }

        AssertSame(tree, builder.Tree);
    }

    [Fact]
    public void Chunks_that_overlap_or_come_twice_change_nothing()
    {
        StateTree tree = Tree(50);
        var builder = new StateTreeBuilder(tree.Root);
        KeyPrefix left = KeyPrefix.Whole.Left;
        foreach (KeyPrefix prefix in new[] { left.Left.Right, left.Right.Left, left, left, left.Left.Right, KeyPrefix.Whole, left })
        {
            Assert.Null(builder.Add(tree.Range(prefix, int.MaxValue)!));
        }

        AssertSame(tree, builder.Tree);
        Assert.Equal(tree.Count, builder.Count);
    }

    [Fact]
    public void Any_changed_byte_is_refused() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        StateTree tree = RandomTree(random);
        KeyPrefix[] split = [.. Split(KeyPrefix.Whole, random)];
        StateRange range = tree.Range(split[random.Next(split.Length)], int.MaxValue)!;
        foreach (StateRange changed in Changes(range, random))
        {
            Assert.Contains(
                changed.Check(tree.Root)?.Token,
                new[] { Tokens.StateChunkMismatch, Tokens.StateKeyOutsidePrefix, Tokens.StateKeysNotRising, Tokens.StateSiblingCount });
            var builder = new StateTreeBuilder(tree.Root);
            Assert.NotNull(builder.Add(changed));
            Assert.Equal(0, builder.Count);
            Assert.False(builder.Covers(changed.Prefix));
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_dropped_or_added_entry_is_refused()
    {
        StateTree tree = Tree(40);
        StateRange range = tree.Range(KeyPrefix.Whole.Left, int.MaxValue)!;
        Assert.True(range.Entries.Count > 2);
        for (int i = 0; i < range.Entries.Count; i++)
        {
            StateRange dropped = range with { Entries = [.. range.Entries.Where((_, place) => place != i)] };
            Assert.Equal(Tokens.StateChunkMismatch, dropped.Check(tree.Root)?.Token);
        }

        Hash256 middle = Key(1000);
        for (int number = 1001; !KeyPrefix.Whole.Left.Contains(middle); number++)
        {
            middle = Key(number);
        }

        StateRange added = range with { Entries = [.. range.Entries.Append(new(middle, [1])).OrderBy(entry => entry.Key)] };
        Assert.Equal(Tokens.StateChunkMismatch, added.Check(tree.Root)?.Token);
    }

    [Fact]
    public void Entries_out_of_order_or_twice_are_refused()
    {
        StateTree tree = Tree(40);
        StateRange range = tree.Range(KeyPrefix.Whole, int.MaxValue)!;
        Assert.Equal(Tokens.StateKeysNotRising, (range with { Entries = [.. range.Entries.Reverse()] }).Check(tree.Root)?.Token);
        Assert.Equal(Tokens.StateKeysNotRising, (range with { Entries = [range.Entries[0], .. range.Entries] }).Check(tree.Root)?.Token);
    }

    [Fact]
    public void Entries_of_another_prefix_are_refused()
    {
        StateTree tree = Tree(40);
        StateRange left = tree.Range(KeyPrefix.Whole.Left, int.MaxValue)!;
        Assert.Equal(Tokens.StateKeyOutsidePrefix, (left with { Prefix = KeyPrefix.Whole.Right }).Check(tree.Root)?.Token);
    }

    [Fact]
    public void More_siblings_than_bits_and_a_path_that_ends_early_at_many_entries_are_refused()
    {
        StateTree tree = Tree(40);
        StateRange whole = tree.Range(KeyPrefix.Whole, int.MaxValue)!;
        Assert.Equal(Tokens.StateSiblingCount, (whole with { Siblings = [Hash256.Zero] }).Check(tree.Root)?.Token);
        Assert.Equal(Tokens.StateSiblingCount, (whole with { Prefix = KeyPrefix.Whole.Left }).Check(tree.Root)?.Token);
    }

    [Fact]
    public void One_entry_is_not_passed_off_as_all_of_its_half()
    {
        StateTree tree = Tree(40);
        StateRange left = tree.Range(KeyPrefix.Whole.Left, int.MaxValue)!;
        Assert.Equal(Tokens.StateChunkMismatch, (left with { Entries = [left.Entries[0]] }).Check(tree.Root)?.Token);
        Assert.Equal(Tokens.StateChunkMismatch, (left with { Entries = [] }).Check(tree.Root)?.Token);
    }

    [Fact]
    public void The_empty_state_is_one_empty_chunk()
    {
        var builder = new StateTreeBuilder(Hash256.Zero);
        Assert.False(builder.IsComplete);
        Assert.Throws<InvalidOperationException>(() => builder.Tree);
        Assert.Null(builder.Add(StateTree.Empty.Range(KeyPrefix.Whole, 0)!));
        Assert.Equal(0, builder.Tree.Count);
    }

    [Fact]
    public void A_prefix_has_one_name()
    {
        Hash256 key = Key(1);
        Assert.Throws<ArgumentException>(() => new KeyPrefix(key, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyPrefix(Hash256.Zero, 257));
        Assert.False(KeyPrefix.TryCreate(key, 3, out _));
        Assert.False(KeyPrefix.TryCreate(Hash256.Zero, 257, out _));
        Assert.False(KeyPrefix.TryCreate(Hash256.Zero, uint.MaxValue, out _));
        Assert.True(KeyPrefix.TryCreate(key, 256, out KeyPrefix whole));
        Assert.True(whole.Contains(key) && !whole.Contains(Key(2)));
        KeyPrefix place = KeyPrefix.Whole.Right.Left.Right;
        Assert.Equal(place, place.Twin.Twin);
        Assert.Equal(place.Above, place.Twin.Above);
        Assert.True(place.Above.Contains(place) && !place.Contains(place.Above) && !place.Contains(place.Twin));
    }

    [Fact]
    public void A_state_comes_back_from_its_bytes()
    {
        foreach (int count in new[] { 0, 1, 2, 200 })
        {
            StateTree tree = Tree(count);
            AssertSame(tree, StateTreeCodec.Decode(StateTreeCodec.Encode(tree)).Value);
        }
    }

    [Fact]
    public void State_bytes_with_entries_out_of_order_or_cut_short_are_refused()
    {
        byte[] bytes = StateTreeCodec.Encode(Tree(3));
        Assert.Equal("rlp-truncated", StateTreeCodec.Decode(bytes.AsSpan(0, bytes.Length - 1)).Refusal?.Token);
        var swapped = new RlpWriter().BeginList();
        foreach ((Hash256 key, byte[] value) in Tree(3).Entries().Reverse())
        {
            swapped.BeginList().Write(key).Write(value).EndList();
        }

        Assert.Equal(Tokens.StateKeysNotRising, StateTreeCodec.Decode(swapped.EndList().ToArray()).Refusal?.Token);
    }

    /// <summary>One change each of a key, a value, a sibling, the number of siblings and of entries.</summary>
    private static IEnumerable<StateRange> Changes(StateRange range, Random random)
    {
        if (range.Entries.Count > 0)
        {
            int i = random.Next(range.Entries.Count);
            (Hash256 key, byte[] value) = range.Entries[i];
            yield return With(range, i, new(Flip(key, random), value));
            yield return With(range, i, new(key, Flip(value, random)));
            yield return range with { Entries = [.. range.Entries.Take(i), .. range.Entries.Skip(i + 1)] };
        }

        if (range.Siblings.Count > 0)
        {
            int i = random.Next(range.Siblings.Count);
            yield return range with { Siblings = [.. range.Siblings.Select((hash, place) => place == i ? Flip(hash, random) : hash)] };
            yield return range with { Siblings = [.. range.Siblings.Take(range.Siblings.Count - 1)] };
        }

        yield return range with { Siblings = [.. range.Siblings, Hash256.Zero] };
        yield return range with { Entries = [.. range.Entries.Append(new(Key(random.Next(5000, 9000)), [1])).OrderBy(entry => entry.Key)] };
    }

    private static StateRange With(StateRange range, int place, KeyValuePair<Hash256, byte[]> entry) =>
        range with { Entries = [.. range.Entries.Select((old, i) => i == place ? entry : old)] };

    private static Hash256 Flip(Hash256 hash, Random random) => new(Flip(hash.ToArray(), random));

    private static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>Up to 60 entries, some of whose keys agree for many bits.</summary>
    private static StateTree RandomTree(Random random)
    {
        StateTree tree = StateTree.Empty;
        int count = random.Next(60);
        for (int i = 0; i < count; i++)
        {
            byte[] key = Key(random.Next(1000)).ToArray();
            if (random.Next(3) == 0)
            {
                key.AsSpan(0, random.Next(31)).Clear();
            }

            tree = tree.With(new Hash256(key), [(byte)random.Next(256), 7]);
        }

        return tree;
    }

    /// <summary>Disjoint prefixes that cover every key.</summary>
    private static IEnumerable<KeyPrefix> Split(KeyPrefix prefix, Random random) =>
        prefix.Bits < 12 && random.Next(4) > 0 ? Split(prefix.Left, random).Concat(Split(prefix.Right, random)) : [prefix];

    private static StateTree Tree(int count) => Enumerable.Range(0, count).Aggregate(StateTree.Empty, (tree, i) => tree.With(Key(i), [(byte)i, 1]));

    private static Hash256 Key(int number) => TestNetwork.HashOf($"entry {number}");

    private static void AssertSame(StateTree expected, StateTree actual)
    {
        Assert.Equal(expected.Root, actual.Root);
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Entries().Select(entry => entry.Key), actual.Entries().Select(entry => entry.Key));
        Assert.All(expected.Entries(), entry => Assert.Equal(entry.Value, actual.Get(entry.Key)));
    }
}
