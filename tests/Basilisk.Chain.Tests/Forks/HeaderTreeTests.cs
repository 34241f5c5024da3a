using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Chain.Tests.Forks;

public sealed class HeaderTreeTests
{
    private static readonly ChainRules Rules = new(TestNetwork.Parameters, KeccakProofOfWork.Instance);

    private readonly HeaderTree _tree = new(Rules, ChainState.Genesis(TestNetwork.Parameters).Head);

    private HeaderNode Root => _tree.Find(Block.Genesis(TestNetwork.Parameters).Hash)!;

    [Fact]
    public void The_chain_with_more_work_is_best_and_the_first_seen_wins_a_tie()
    {
        HeaderNode first = Grow(Root, 3, miner: 1)[^1];
        HeaderNode[] second = Grow(Root, 3, miner: 2);
        Assert.Equal(first.TotalWork, second[^1].TotalWork);
        Assert.Same(first, _tree.Best);
        HeaderNode longer = Grow(second[^1], 1, miner: 2)[^1];
        Assert.Same(longer, _tree.Best);
    }

    [Fact]
    public void The_way_between_two_tips_leads_over_their_last_common_block()
    {
        HeaderNode[] trunk = Grow(Root, 2, miner: 1);
        HeaderNode[] left = Grow(trunk[^1], 3, miner: 1);
        HeaderNode[] right = Grow(trunk[^1], 5, miner: 2);
        ChainSwitch change = HeaderTree.Switch(left[^1], right[^1]);
        Assert.Same(trunk[^1], change.Fork);
        Assert.Equal(left.Reverse(), change.Disconnect);
        Assert.Equal(right, change.Connect);
        Assert.True(change.IsReorganisation);
        ChainSwitch forward = HeaderTree.Switch(trunk[^1], right[^1]);
        Assert.False(forward.IsReorganisation);
        Assert.Equal(right, forward.Connect);
        Assert.Empty(HeaderTree.Switch(left[0], left[0]).Connect);
    }

    [Fact]
    public void An_invalid_block_takes_all_on_top_of_it_out_of_the_choice()
    {
        HeaderNode[] honest = Grow(Root, 2, miner: 1);
        HeaderNode[] broken = Grow(Root, 4, miner: 2);
        Assert.Same(broken[^1], _tree.Best);
        _tree.MarkInvalid(broken[1]);
        Assert.Same(honest[^1], _tree.Best);
        Assert.True(broken[^1].IsInvalid);
        Assert.False(broken[0].IsInvalid);
        Refusal? refusal = _tree.Add(Next(broken[^1], 2)).Refusal;
        Assert.Equal(Tokens.HeaderInvalidAncestor, refusal?.Token);
    }

    [Fact]
    public void A_header_without_its_parent_is_an_orphan()
    {
        var other = new HeaderTree(Rules, Root.Head);
        HeaderNode[] chain = Grow(Root, 2, miner: 1);
        Assert.Equal(Tokens.HeaderOrphan, other.Add(chain[1].Header).Refusal?.Token);
        Assert.False(other.Add(chain[0].Header).IsRefused);
        Assert.False(other.Add(chain[1].Header).IsRefused);
        Assert.Same(other.Find(chain[1].Hash), other.Add(chain[1].Header).Value);
    }

    [Fact]
    public void A_header_that_breaks_a_rule_does_not_enter()
    {
        BlockHeader header = Next(Root, 1);
        Block forged = TestChain.Seal(new Block(header with { Version = 7 }, [], []));
        Assert.Equal(Tokens.VersionMismatch, _tree.Add(forged.Header).Refusal?.Token);
        Assert.Equal(1, _tree.Count);
    }

    [Fact]
    public void Ancestors_and_locators_lead_down_to_genesis()
    {
        HeaderNode[] chain = Grow(Root, 40, miner: 1);
        Assert.Same(chain[9], HeaderTree.AncestorAt(chain[^1], 10));
        Assert.Null(HeaderTree.AncestorAt(chain[^1], 41));
        Hash256[] locator = [.. HeaderTree.Locator(chain[^1])];
        Assert.Equal(chain[^1].Hash, locator[0]);
        Assert.Equal(Root.Hash, locator[^1]);
        Assert.Equal(locator.Distinct(), locator);
        Assert.InRange(locator.Length, 12, 18);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, Tokens.ReorganisationTooDeep)]
    public void Reorganisations_deeper_than_the_settled_rounds_seen_are_refused(int settledRounds, string? token)
    {
        HeaderNode tip = Root;
        while (settledRounds > 0)
        {
            bool ends = TestNetwork.Parameters.Rounds.IsLastOfRound(tip.Height + 1);
            tip = Grow(tip, 1, miner: 1, ends ? TestNetwork.HashOf($"checkpoint {settledRounds}") : null)[0];
            settledRounds -= ends ? 1 : 0;
        }

        HeaderNode other = Grow(Root, (int)tip.Height + 1, miner: 2)[^1];
        Assert.Same(other, _tree.Best);
        Assert.Equal(token, Finality.Check(TestNetwork.Parameters, tip, other)?.Token);
    }

    [Fact]
    public void Rounds_that_settled_empty_do_not_count_towards_finality()
    {
        HeaderNode tip = Grow(Root, 30, miner: 1)[^1];
        HeaderNode other = Grow(Root, 31, miner: 2)[^1];
        Assert.Null(Finality.Check(TestNetwork.Parameters, tip, other));
    }

    private HeaderNode[] Grow(HeaderNode from, int count, int miner, Hash256? modelRoot = null)
    {
        var nodes = new HeaderNode[count];
        for (int i = 0; i < count; i++)
        {
            from = _tree.Add(Next(from, miner, modelRoot)).Value;
            nodes[i] = from;
        }

        return nodes;
    }

    /// <summary>A header that keeps the header rules; its body's roots mean nothing here.</summary>
    private static BlockHeader Next(HeaderNode parent, int miner, Hash256? modelRoot = null)
    {
        var header = new BlockHeader(
            1,
            parent.Hash,
            parent.Height + 1,
            parent.Header.Time + 1,
            parent.Head.NextTarget(TestNetwork.Parameters),
            TestNetwork.Key(miner).Address,
            default,
            default,
            modelRoot ?? parent.Header.ModelRoot,
            default,
            default,
            default,
            0);
        return TestChain.Seal(new Block(header, [], [])).Header;
    }
}
