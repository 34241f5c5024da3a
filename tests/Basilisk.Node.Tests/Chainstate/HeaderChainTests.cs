using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers;
using Basilisk.Node.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Basilisk.Node.Tests.Chainstate;

/// <summary>Which headers are kept, and for how long.</summary>
public sealed class HeaderChainTests
{
    private const int RoundLength = 6;

    /// <summary>Headers beside the best chain that have room whatever its length is.</summary>
    private const int Beside = 10_000;

    private static readonly NetworkParameters Parameters = MessageSamples.Parameters;

    private static readonly ChainRules Rules = new(Parameters, new KeccakProofOfWork());

    private static readonly ChainHead Genesis = ChainState.Genesis(Parameters).Head;

    private readonly HeaderChain _chain;

    public HeaderChainTests()
    {
        var tree = new HeaderTree(Rules, Genesis);
        _chain = new HeaderChain(Rules, tree, tree.Root, TimeProvider.System, NullLogger.Instance);
    }

    [Theory]
    [InlineData(RoundLength, true)]
    [InlineData(RoundLength + 1, false)]
    public void A_branch_is_kept_beside_the_best_where_it_has_the_work_of_a_round_ago(int less, bool isKept)
    {
        const int Length = 20;
        _chain.Add(Genesis.Grow(Parameters, Length, "best"));
        HeaderBatch batch = _chain.Add(Genesis.Grow(Parameters, Length - less, "beside"));
        Assert.Equal(isKept ? null : HeaderTokens.WorkTooLow, batch.Refusal?.Token);
        Assert.Equal(isKept ? Length - less : 0, batch.New);
        Assert.Equal(Length + batch.New + 1, _chain.Count);
    }

    [Fact]
    public void What_is_known_may_be_said_again_however_little_work_it_has()
    {
        BlockHeader[] best = Genesis.Grow(Parameters, 20, "best");
        _chain.Add(best);
        HeaderBatch batch = _chain.Add(best[..2]);
        Assert.Null(batch.Refusal);
        Assert.Equal((0, best[1].Hash), (batch.New, batch.Last!.Value.Hash));
    }

    [Fact]
    public void A_heavier_chain_is_followed_where_all_room_is_taken_by_chains_that_begin_with_more_work()
    {
        const int Length = 20;
        BlockHeader[] best = Genesis.Grow(Parameters, Length, "best");
        _chain.Add(best);
        ChainHead below = _chain.Find(best[^2].Hash)!.Head;
        for (int i = 0; i < Beside + (2 * Length); i++)
        {
            _chain.Add(below.Grow(Parameters, 1, $"{i}"));
        }

        Assert.Equal(Beside + (2 * Length) + 1, _chain.Count);
        BlockHeader[] heavier = Genesis.Grow(Parameters, Length + 1, "heavier");
        Assert.Null(_chain.Add(heavier).Refusal);
        Assert.Equal(heavier[^1].Hash, _chain.Best.Hash);
        Assert.InRange(_chain.Count, Beside, Beside + (2 * heavier.Length) + 1);
    }

    [Fact]
    public void What_is_loaded_stays_while_it_is_and_goes_where_it_ends_light()
    {
        const int Length = 20;
        _chain.Add(Genesis.Grow(Parameters, Length, "best"));
        BlockHeader[] heavier = Genesis.Grow(Parameters, Length + 1, "heavier");
        Assert.Null(_chain.Load(heavier[..4]).Refusal);
        Assert.Null(_chain.Load(heavier[4..8]).Refusal);
        Assert.Equal(Length + 8 + 1, _chain.Count);
        _chain.EndLoad();
        Assert.Equal(Length + 1, _chain.Count);

        Assert.Null(_chain.Load(heavier[..4]).Refusal);
        Assert.Null(_chain.Load(heavier[4..]).Refusal);
        _chain.EndLoad();
        Assert.Equal(heavier[^1].Hash, _chain.Best.Hash);
        Assert.Equal(Length + heavier.Length + 1, _chain.Count);
    }
}
