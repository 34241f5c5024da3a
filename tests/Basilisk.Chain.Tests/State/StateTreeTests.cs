using Basilisk.Chain.Hashing;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Chain.Tests.State;

/// <summary>The tree against a dictionary and a from-scratch root.</summary>
public sealed class StateTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_changes_give_the_entries_and_root_of_a_dictionary(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<Hash256, byte[]>();
        StateTree tree = StateTree.Empty;
        for (int i = 0; i < 400; i++)
        {
            Hash256 key = Key(random.Next(60));
            if (random.Next(3) == 0)
            {
                tree = tree.With(key, null);
                model.Remove(key);
            }
            else
            {
                byte[] value = [(byte)random.Next(3), 7];
                tree = tree.With(key, value);
                model[key] = value;
            }

            Assert.Equal(model.Count, tree.Count);
            Assert.Equal(NaiveRoot([.. model], 0), tree.Root);
        }

        Assert.Equal(model.Select(entry => entry.Key), tree.Entries().Select(entry => entry.Key));
        Assert.All(model, entry => Assert.Equal(entry.Value, tree.Get(entry.Key)));
        Assert.Null(tree.Get(TestNetwork.HashOf("absent")));
    }

    [Fact]
    public void The_root_does_not_depend_on_the_order_of_changes()
    {
        int[] numbers = [.. Enumerable.Range(0, 50)];
        StateTree rising = numbers.Aggregate(StateTree.Empty, (tree, i) => tree.With(Key(i), [1]));
        StateTree falling = numbers.Reverse().Aggregate(StateTree.Empty, (tree, i) => tree.With(Key(i), [1]));
        Assert.Equal(rising.Root, falling.Root);
        Assert.Equal(Hash256.Zero, numbers.Aggregate(rising, (tree, i) => tree.With(Key(i), null)).Root);
    }

    [Fact]
    public void A_version_stays_as_it_was_when_the_next_is_made()
    {
        StateTree before = StateTree.Empty.With(Key(1), [1]).With(Key(2), [2]);
        Hash256 root = before.Root;
        StateTree after = before.With(Key(1), [9]).With(Key(2), null);
        Assert.Equal(root, before.Root);
        Assert.Equal([1], before.Get(Key(1))!);
        Assert.Equal([9], after.Get(Key(1))!);
        Assert.Null(after.Get(Key(2)));
    }

    [Fact]
    public void Setting_an_equal_value_or_removing_nothing_returns_the_same_tree()
    {
        StateTree tree = StateTree.Empty.With(Key(1), [1]).With(Key(2), [2]);
        Assert.Same(tree, tree.With(Key(1), [1]));
        Assert.Same(tree, tree.With(Key(3), null));
    }

    [Fact]
    public void Proofs_hold_for_present_and_absent_keys_and_for_nothing_else()
    {
        StateTree tree = Enumerable.Range(0, 40).Aggregate(StateTree.Empty, (next, i) => next.With(Key(i), [(byte)i]));
        for (int i = 0; i < 80; i++)
        {
            StateProof proof = tree.Prove(Key(i));
            Assert.True(proof.Holds(tree.Root));
            Assert.Equal(tree.Get(Key(i)), proof.Value);
            Assert.False(proof.Holds(TestNetwork.HashOf("another root")));
            if (i < 40)
            {
                Assert.False((proof with { End = null }).Holds(tree.Root));
                Assert.False((proof with { End = new(Key(i), [99]) }).Holds(tree.Root));
                Assert.False((proof with { Key = Key(i + 100), Siblings = [] }).Holds(tree.Root));
            }
        }

        Assert.True(StateTree.Empty.Prove(Key(1)).Holds(Hash256.Zero));
    }

    [Fact]
    public void A_proof_cannot_pass_another_keys_entry_off_as_absence()
    {
        StateTree tree = Enumerable.Range(0, 40).Aggregate(StateTree.Empty, (next, i) => next.With(Key(i), [(byte)i]));
        StateProof other = tree.Prove(Key(1));
        Assert.False((other with { Key = Key(2) }).Holds(tree.Root));
    }

    [Fact]
    public void A_hundred_thousand_entries_change_by_paths_and_not_as_a_whole()
    {
        StateTree tree = StateTree.Empty;
        for (int i = 0; i < 100_000; i++)
        {
            tree = tree.With(Key(i), [1]);
        }

        Hash256 root = tree.Root;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Hash256 changed = tree.With(Key(77), [2]).Root;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.NotEqual(root, changed);
        Assert.InRange(bytes, 1, 16_384); // about 17 branches of the path, not the tree
        Assert.Equal(root, tree.With(Key(77), [2]).With(Key(77), [1]).Root);
    }

    private static Hash256 Key(int number) => TestNetwork.HashOf($"entry {number}");

    /// <summary>The root by the definition in docs/protocol.md, without a tree.</summary>
    private static Hash256 NaiveRoot(KeyValuePair<Hash256, byte[]>[] entries, int depth)
    {
        if (entries.Length == 0)
        {
            return Hash256.Zero;
        }

        if (entries.Length == 1)
        {
            return Keccak256.Hash([0, .. entries[0].Key.ToArray(), .. entries[0].Value]);
        }

        Hash256 left = NaiveRoot([.. entries.Where(entry => !Bit(entry.Key, depth))], depth + 1);
        Hash256 right = NaiveRoot([.. entries.Where(entry => Bit(entry.Key, depth))], depth + 1);
        return Keccak256.Hash([1, .. left.ToArray(), .. right.ToArray()]);
    }

    private static bool Bit(Hash256 key, int depth) => (key.ToArray()[depth / 8] & (0x80 >> (depth % 8))) != 0;
}
