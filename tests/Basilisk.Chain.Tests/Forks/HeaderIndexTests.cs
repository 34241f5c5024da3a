using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Chain.Tests.Forks;

/// <summary>The tree against the plain walk over parents, on random trees; and what a header takes.</summary>
public sealed class HeaderIndexTests
{
    private static readonly ChainRules Rules = new(TestNetwork.Parameters, KeccakProofOfWork.Instance);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ancestors_forks_and_the_best_tip_are_those_of_the_plain_walk(int seed)
    {
        var random = new Random(seed);
        var tree = new HeaderTree(Rules, ChainState.Genesis(TestNetwork.Parameters).Head);
        var nodes = new List<HeaderNode> { tree.Root };
        while (nodes.Count < 500)
        {
            HeaderNode from = random.Next(4) == 0 ? nodes[random.Next(nodes.Count)] : nodes[^1];
            nodes.Add(tree.AddProven(Next(from, nodes.Count)).Value);
        }

        for (int i = 0; i < 2000; i++)
        {
            HeaderNode a = nodes[random.Next(nodes.Count)];
            HeaderNode b = nodes[random.Next(nodes.Count)];
            Assert.Same(Walk(a).Intersect(Walk(b)).First(), HeaderTree.Fork(a, b));
            ulong height = (ulong)random.Next((int)a.Height + 2);
            Assert.Same(Walk(a).FirstOrDefault(node => node.Height == height), HeaderTree.AncestorAt(a, height));
            Assert.Equal(Walk(b).Contains(a), HeaderTree.Leads(a, b));
        }

        Assert.Equal(nodes.Where(node => !nodes.Any(other => other.Parent == node)).ToHashSet(), tree.Tips.ToHashSet());
        Assert.Same(nodes.Aggregate((best, next) => next.Beats(best) ? next : best), tree.Best);
    }

    [Fact]
    public void A_tree_that_does_not_start_at_genesis_finds_its_ancestors_too()
    {
        var whole = new HeaderTree(Rules, ChainState.Genesis(TestNetwork.Parameters).Head);
        HeaderNode node = whole.Root;
        for (int i = 0; i < 100; i++)
        {
            node = whole.AddProven(Next(node, i)).Value;
        }

        var upper = new HeaderTree(Rules, HeaderTree.AncestorAt(node, 37)!.Head);
        foreach (HeaderNode each in Walk(node).Reverse().Where(each => each.Height > 37))
        {
            Assert.Equal(each.Head.RecentTimes, upper.AddProven(each.Header).Value.Head.RecentTimes);
        }

        Assert.Equal(Walk(node).First(each => each.Height == 50).Hash, HeaderTree.AncestorAt(upper.Best, 50)!.Hash);
        Assert.Null(HeaderTree.AncestorAt(upper.Best, 36));
        Assert.Equal(upper.Root.Hash, HeaderTree.Locator(upper.Best)[^1]);
    }

    [Fact]
    public void A_header_and_its_head_come_back_from_the_packed_form_byte_for_byte()
    {
        var tree = new HeaderTree(Rules, ChainState.Genesis(TestNetwork.Parameters).Head);
        HeaderNode node = tree.Root;
        ChainHead head = node.Head;
        for (int i = 0; i < 40; i++)
        {
            BlockHeader header = Next(node, i) with
            {
                TransactionsRoot = i % 3 == 0 ? Hash256.Zero : TestNetwork.HashOf($"transactions {i}"),
                SidecarRoot = i % 4 == 0 ? TestNetwork.HashOf($"side-car {i}") : Hash256.Zero,
                StateRoot = TestNetwork.HashOf($"state {i}"),
                RoundsRoot = TestNetwork.HashOf($"rounds {i / 7}"),
                ExtraData = new ExtraData(new byte[i % 33]),
            };
            head = head.Extend(header, TestNetwork.Parameters.Difficulty);
            node = tree.AddProven(header).Value;
            Assert.Equal(header.Encode(), node.Header.Encode());
            Assert.Equal(header.Hash, node.Header.Hash);
            Assert.Equal(head.RecentTimes, node.Head.RecentTimes);
            Assert.Equal(head.TotalWork, node.Head.TotalWork);
            Assert.Equal(head.Clock, node.Head.Clock);
        }
    }

    [Fact]
    public void A_branch_that_is_removed_leaves_the_rest_as_it_was()
    {
        var tree = new HeaderTree(Rules, ChainState.Genesis(TestNetwork.Parameters).Head);
        HeaderNode trunk = tree.AddProven(Next(tree.Root, 0)).Value;
        HeaderNode left = tree.AddProven(Next(trunk, 1)).Value;
        HeaderNode right = tree.AddProven(Next(trunk, 2)).Value;
        HeaderNode top = tree.AddProven(Next(right, 3)).Value;
        tree.Remove(right);
        Assert.Same(left, tree.Best);
        Assert.Null(tree.Find(top.Hash));
        Assert.Equal(3, tree.Count);
        Assert.Equal([left], tree.Tips);
        tree.Remove(left);
        Assert.Equal([trunk], tree.Tips);
        Assert.Same(trunk, tree.Best);
    }

    [Fact]
    public void A_header_takes_less_than_four_hundred_bytes()
    {
        const int Count = 50_000;
        var tree = new HeaderTree(Rules, ChainState.Genesis(TestNetwork.Parameters).Head);
        HeaderNode node = tree.Root;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Count; i++)
        {
            node = tree.AddProven(Next(node, i)).Value;
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        TestContext.Current.SendDiagnosticMessage($"{each} bytes a header");
        Assert.InRange(each, 100, 400);
        GC.KeepAlive(tree);
    }

    /// <summary>A header without a proof: the tree is told that its work was checked.</summary>
    private static BlockHeader Next(HeaderNode parent, int salt) => new(
        1,
        parent.Hash,
        parent.Height + 1,
        parent.Head.Header.Time + TestNetwork.Parameters.Difficulty.BlockInterval,
        parent.Head.NextTarget(TestNetwork.Parameters),
        TestNetwork.Key(1).Address,
        default,
        TestNetwork.HashOf("state"),
        parent.ModelRoot,
        default,
        default,
        default,
        (ulong)salt);

    private static IEnumerable<HeaderNode> Walk(HeaderNode? node)
    {
        for (; node is not null; node = node.Parent)
        {
            yield return node;
        }
    }
}
