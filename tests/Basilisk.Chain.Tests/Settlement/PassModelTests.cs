using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Validation;
using Xunit;

namespace Basilisk.Chain.Tests.Settlement;

/// <summary>Pending rewards, passes, releases and expiry against a naive book kept beside a random chain.</summary>
public sealed class PassModelTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Accounts_hold_what_a_naive_book_says(int seed)
    {
        var random = new RandomChain(seed, accounts: 4);
        var book = new NaiveBook(random.Chain.Parameters);
        int expired = 0;
        int released = 0;
        for (int i = 0; i < 72; i++)
        {
            ConnectedBlock block = random.Step();
            book.Follow(block);
            foreach (Address address in random.Addresses)
            {
                Account account = block.State.Account(address);
                Assert.Equal(book.Pending(address), block.State.PendingRewards(address).Select(reward => reward.Height));
                Assert.Equal(book.Passes(address), account.Passes);
                Assert.True(account.Passes <= Math.Max(1, account.PendingRewards) * Account.WholePass);
            }

            Assert.Equal(book.LastReleased, block.RoundEnd?.Released.Select(reward => (reward.Miner, reward.Height)) ?? []);
            Assert.Equal(book.LastExpired.Order(), block.RoundEnd?.Expired.Select(reward => reward.Height) ?? []);
            released += book.LastReleased.Count;
            expired += book.LastExpired.Count;
        }

        Assert.True(released > 0 && expired > 0, "nothing was released or expired: the rules were not put to the test");
    }

    [Theory]
    [InlineData(1, 1, 24UL << 32)] // kappa 1: R passes for the whole gain
    [InlineData(1, 2, 48UL << 32)] // kappa 1/2: twice as many
    [InlineData(3, 2, 16UL << 32)]
    public void A_settled_round_issues_its_length_over_kappa(uint numerator, uint denominator, ulong passes) =>
        Assert.Equal(passes, PassRule.Issued(1_000, 1_000, 24, new RewardParameters(25, numerator, denominator)));

    [Fact]
    public void Passes_are_in_proportion_to_credit_and_round_down()
    {
        var rewards = new RewardParameters(25, 1, 1);
        Assert.Equal(8UL << 32, PassRule.Issued(1, 3, 24, rewards));
        Assert.Equal((1UL << 32) / 3, PassRule.Issued(1, 3, 1, rewards));
        Assert.Equal(0UL, PassRule.Issued(0, 3, 24, rewards));
        Assert.Equal(65_535UL << 32, PassRule.Issued(long.MaxValue, long.MaxValue, 65_535, rewards));
    }

    [Theory]
    [InlineData(0, 5UL << 32, 0, 1UL << 32)] // none pending: one pass at most
    [InlineData(0, 5UL << 32, 3, 3UL << 32)]
    [InlineData(1UL << 31, 1UL << 31, 3, 1UL << 32)] // fractions carry over
    public void Held_passes_are_capped_at_live_pending_rewards(ulong held, ulong issued, ulong pending, ulong expected) =>
        Assert.Equal(expected, PassRule.Capped(held, issued, pending));

    /// <summary>§8 as one would write it down first: lists, a fraction of big integers, no undo, no tree.</summary>
    private sealed class NaiveBook(NetworkParameters parameters)
    {
        private readonly Dictionary<Address, List<ulong>> _pending = [];
        private readonly Dictionary<Address, System.Numerics.BigInteger> _passes = [];

        public List<(Address Miner, ulong Height)> LastReleased { get; } = [];

        public List<ulong> LastExpired { get; } = [];

        public IEnumerable<ulong> Pending(Address address) => _pending.GetValueOrDefault(address) ?? [];

        public ulong Passes(Address address) => (ulong)_passes.GetValueOrDefault(address);

        public void Follow(ConnectedBlock block)
        {
            LastReleased.Clear();
            LastExpired.Clear();
            if (block.Block.Height >= 2)
            {
                Address miner = block.Undo.Parent.Header.Miner;
                _pending.TryAdd(miner, []);
                _pending[miner].Add(block.Block.Height - 1);
            }

            if (block.RoundEnd?.Outcome is not { } outcome)
            {
                return;
            }

            if (outcome.Settled && outcome.Reason.Length == 0)
            {
                Issue(outcome);
                Release();
            }

            ulong round = parameters.Rounds.RoundOf(block.Block.Height);
            foreach (List<ulong> heights in _pending.Values)
            {
                LastExpired.AddRange(heights.Where(height => IsOver(height, round)));
                heights.RemoveAll(height => IsOver(height, round));
            }
        }

        private bool IsOver(ulong height, ulong round) => (height / parameters.Rounds.Length) + parameters.Rounds.UnitLifetime - 1 <= round;

        private void Issue(RoundOutcome outcome)
        {
            foreach (IGrouping<Address, ContributionOutcome> own in outcome.Contributions.GroupBy(contribution => contribution.Miner))
            {
                System.Numerics.BigInteger credit = own.Sum(contribution => contribution.Credit);
                System.Numerics.BigInteger issued = credit * parameters.Rounds.Length * parameters.Rewards.KappaDenominator * (1L << 32)
                    / (outcome.Gain * parameters.Rewards.KappaNumerator);
                System.Numerics.BigInteger cap = new System.Numerics.BigInteger(Math.Max(1, Pending(own.Key).Count())) << 32;
                _passes[own.Key] = System.Numerics.BigInteger.Min(_passes.GetValueOrDefault(own.Key) + issued, cap);
            }
        }

        private void Release()
        {
            foreach ((Address miner, List<ulong> heights) in _pending.OrderBy(pair => pair.Key))
            {
                while (heights.Count > 0 && _passes.GetValueOrDefault(miner) >= 1L << 32)
                {
                    LastReleased.Add((miner, heights[0]));
                    heights.RemoveAt(0);
                    _passes[miner] -= 1L << 32;
                }
            }
        }
    }
}
