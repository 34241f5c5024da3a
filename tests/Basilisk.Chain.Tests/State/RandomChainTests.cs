using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Xunit;

namespace Basilisk.Chain.Tests.State;

/// <summary>Properties of random chains, several rounds long, with transfers, commits, reveals and forfeits.</summary>
public sealed class RandomChainTests
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Disconnecting_all_blocks_goes_back_through_the_same_states_to_genesis(int seed)
    {
        var random = new RandomChain(seed, accounts: 3);
        ChainState genesis = random.Chain.State;
        var states = new List<ChainState>();
        for (int i = 0; i < 45; i++)
        {
            states.Add(random.Chain.State);
            random.Step();
        }

        for (int i = states.Count - 1; i >= 0; i--)
        {
            ConnectedBlock undone = random.Chain.Disconnect();
            ChainState state = random.Chain.State;
            Assert.Equal(states[i].Root, state.Root);
            Assert.Equal(states[i].Head, state.Head);
            Assert.Equal(states[i].Head.RecentTimes, state.Head.RecentTimes);
            Assert.Equal(states[i].Head.TotalWork, state.Head.TotalWork);
            Assert.Equal(states[i].Head.Clock, state.Head.Clock);
            Assert.Equal(states[i].Head.Clock, BlockUndo.Decode(undone.Undo.Encode()).Value.Parent.Clock);
            Assert.Equal(Entries(states[i]), Entries(state));
            Assert.Equal(undone.Undo.Encode(), BlockUndo.Decode(undone.Undo.Encode()).Value.Encode());
        }

        Assert.Equal(genesis.Root, random.Chain.State.Root);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Blocks_taken_off_go_on_again_to_the_same_states(int seed)
    {
        var random = new RandomChain(seed, accounts: 3);
        for (int i = 0; i < 20; i++)
        {
            random.Step();
        }

        ConnectedBlock[] before = [.. random.Chain.Connected];
        Stack<ConnectedBlock> off = [];
        for (int i = 0; i < 14; i++)
        {
            off.Push(random.Chain.Disconnect());
        }

        while (off.TryPop(out ConnectedBlock? block))
        {
            ConnectedBlock again = random.Chain.Connect(block.Block);
            Assert.Equal(block.State.Root, again.State.Root);
            Assert.Equal(block.Undo.Encode(), again.Undo.Encode());
            Assert.Equal(block.Accounts, again.Accounts);
        }

        Assert.Equal(before.Select(block => block.Block.Hash), random.Chain.Connected.Select(block => block.Block.Hash));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Coins_are_only_minted_by_releases_and_only_lost_by_base_fees(int seed)
    {
        var random = new RandomChain(seed, accounts: 3);
        ulong released = 0;
        UInt256 burned = UInt256.Zero;
        for (int i = 0; i < 60; i++)
        {
            ConnectedBlock block = random.Step();
            released += (ulong)(block.RoundEnd?.Released.Length ?? 0);
            burned = block.Receipts.Aggregate(burned, (sum, receipt) => sum + receipt.Burned);
            ChainRecord chain = block.State.Chain;
            UInt256 balances = random.Addresses.Aggregate(UInt256.Zero, (sum, address) => sum + block.State.Account(address).Balance);
            Assert.Equal(released, chain.Released);
            Assert.Equal((UInt256)25 * Bsk.Coin * released, chain.Minted);
            Assert.Equal(burned, chain.Burned);
            Assert.Equal(chain.Supply, balances);
        }

        Assert.True(released > 0, "the chain released nothing: the property was not put to the test");
        Assert.True(burned > UInt256.Zero, "the chain burned nothing: the property was not put to the test");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Credits_of_a_round_that_pays_are_its_gain_and_of_any_other_nothing(int seed)
    {
        var random = new RandomChain(seed, accounts: 3);
        UInt256 total = UInt256.Zero;
        int settled = 0;
        for (int i = 0; i < 60; i++)
        {
            ConnectedBlock block = random.Step();
            if (block.RoundEnd is { } end)
            {
                ulong given = end.Credits.Aggregate(0UL, (sum, credit) => sum + credit.Credit);
                Assert.Equal(end.Outcome.Pays ? (ulong)end.Outcome.Gain : 0, given);
                settled += end.Outcome.Pays ? 1 : 0;
                total += given;
            }

            Assert.Equal(total, random.Addresses.Aggregate(UInt256.Zero, (sum, address) => sum + block.State.Account(address).Credit));
        }

        Assert.True(settled > 1);
    }

    private static IEnumerable<(Exact.Hashing.Hash256, string)> Entries(ChainState state) =>
        state.Entries.Entries().Select(entry => (entry.Key, Convert.ToHexString(entry.Value)));
}
