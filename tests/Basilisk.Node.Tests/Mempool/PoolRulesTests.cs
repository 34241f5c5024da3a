using Basilisk.Chain.Assembly;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Mempool;

/// <summary>A chain on which five accounts have coins.</summary>
public sealed class FundedChain : IAsyncLifetime
{
    internal TestNode Node { get; private set; } = null!;

    internal PrivateKey[] Senders { get; } = [.. Enumerable.Range(20, 5).Select(i => TestNode.KeyOf((byte)i))];

    internal ChainView View => Node.View;

    public async ValueTask InitializeAsync()
    {
        Node = await TestNode.StartAsync();
        while (Node.View.State.Account(Node.Key.Address).Balance < (UInt256)100 * Bsk.Coin || Node.View.Phase != RoundPhase.Train)
        {
            await Node.MineAsync();
        }

        ulong nonce = Node.Pool.NextNonce(Node.View, Node.Key.Address);
        foreach (PrivateKey sender in Senders)
        {
            Assert.Null(Node.Pool.Add(Node.View, Node.Transfer(nonce++, sender.Address, (UInt256)5 * Bsk.Coin)));
        }

        await Node.MineAsync(3);
        Assert.All(Senders, sender => Assert.Equal((UInt256)5 * Bsk.Coin, View.State.Account(sender.Address).Balance));
    }

    public async ValueTask DisposeAsync() => await Node.DisposeAsync();
}

public sealed class PoolRulesTests(FundedChain chain) : IClassFixture<FundedChain>
{
    private static readonly Address Somebody = TestNode.KeyOf(99).Address;

    private ChainView View => chain.View;

    [Fact]
    public void A_replacement_must_raise_both_fees_by_ten_percent()
    {
        TransactionPool pool = Pool();
        Transaction first = Transfer(0, gwei: 10);
        Assert.Null(pool.Add(View, first));
        Assert.Equal(MempoolTokens.AlreadyKnown, pool.Add(View, first)!.Token);
        Assert.Equal(MempoolTokens.ReplacementUnderpriced, pool.Add(View, Transfer(0, gwei: 10, value: 2))!.Token);
        Transaction second = Transfer(0, gwei: 11);
        Assert.Null(pool.Add(View, second));
        Assert.False(pool.TryFind(first.Hash, out _));
        Assert.Equal(second.Hash, Assert.Single(pool.Candidates(View)).Transaction.Hash);
    }

    [Fact]
    public void Transactions_after_a_gap_wait_until_it_is_filled()
    {
        TransactionPool pool = Pool();
        Assert.Null(pool.Add(View, Transfer(2)));
        Assert.Null(pool.Add(View, Transfer(0)));
        Assert.Equal([0UL], Nonces(pool));
        Assert.Equal(1UL, pool.NextNonce(View, Sender.Address));
        Assert.Null(pool.Add(View, Transfer(1)));
        Assert.Equal([0UL, 1UL, 2UL], Nonces(pool));
        Assert.Equal(3UL, pool.NextNonce(View, Sender.Address));
    }

    [Fact]
    public void A_sender_may_fill_only_its_own_share()
    {
        TransactionPool pool = Pool(capacity: 16, perSender: 3);
        Assert.Null(pool.Add(View, Transfer(0)));
        Assert.Null(pool.Add(View, Transfer(1)));
        Assert.Null(pool.Add(View, Transfer(2)));
        Refusal refusal = pool.Add(View, Transfer(3))!;
        Assert.Equal(MempoolTokens.NonceGapTooWide, refusal.Token);
        Assert.Equal((3, 2), (refusal.Seen, refusal.Allowed));
    }

    [Fact]
    public void A_full_pool_lets_the_cheapest_go_for_a_better_one_and_refuses_one_that_is_not()
    {
        TransactionPool pool = Pool(capacity: 16, perSender: 16);
        Transaction? cheapest = null;
        for (ulong i = 0; i < 4; i++)
        {
            foreach (int sender in Enumerable.Range(0, 4))
            {
                Transaction transaction = Transfer(i, sender: sender, gwei: 10 - i);
                cheapest = i == 3 && sender == 3 ? transaction : cheapest;
                Assert.Null(pool.Add(View, transaction));
            }
        }

        Assert.Equal(MempoolTokens.MempoolFull, pool.Add(View, Transfer(0, sender: 4, gwei: 7))!.Token);
        Assert.Null(pool.Add(View, Transfer(0, sender: 4, gwei: 8)));
        Assert.Equal(16, pool.Count);
        Assert.False(pool.TryFind(cheapest!.Hash, out _));
    }

    [Fact]
    public void All_that_waits_must_be_covered_by_the_balance()
    {
        TransactionPool pool = Pool();
        Assert.Null(pool.Add(View, Transfer(0, value: 3)));
        Assert.Equal(Tokens.BalanceTooLow, pool.Add(View, Transfer(1, value: 3))!.Token);
    }

    [Fact]
    public void An_amount_near_the_largest_number_is_refused_also_after_a_gap()
    {
        Transaction transaction = chain.Node.Transfer(5, Somebody, UInt256.MaxValue, key: Sender);
        Assert.Equal(Tokens.BalanceTooLow, Pool().Add(View, transaction)!.Token);
    }

    [Fact]
    public void A_free_call_for_a_unit_that_is_not_the_senders_does_not_wait_behind_a_gap()
    {
        WorkUnit unit = OpenUnit();
        Transaction call = Call(new CommitCall(unit.Id, unit.Id), 7, Sender);
        Assert.Equal(Tokens.UnitNotOwned, Pool().Add(View, call)!.Token);
        Assert.Equal(Tokens.UnitUnknown, Pool().Add(View, Call(new CommitCall(Hash256.Zero, unit.Id), 7, Sender))!.Token);
    }

    [Fact]
    public void A_reveal_without_its_payload_is_refused()
    {
        Transaction reveal = Call(new RevealCall(OpenUnit().Id, Hash256.Zero, Hash256.Zero), 0, Sender);
        Assert.Equal(MempoolTokens.PayloadMissing, Pool().Add(View, reveal)!.Token);
    }

    [Fact]
    public void Protocol_calls_come_before_the_best_paid_transfer()
    {
        TransactionPool pool = Pool();
        Assert.Null(pool.Add(View, Transfer(0, gwei: 100)));
        WorkUnit unit = OpenUnit();
        Transaction call = Call(new CommitCall(unit.Id, unit.Id), View.State.Account(chain.Node.Key.Address).Nonce, chain.Node.Key);
        Assert.Null(pool.Add(View, call));
        Assert.Equal(call.Hash, pool.Candidates(View)[0].Transaction.Hash);
    }

    /// <summary>Random additions by five senders: whatever is offered to a block applies, and no cap is ever exceeded.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_in_the_pool_keeps_its_caps_and_offers_what_applies(int seed)
    {
        var random = new Random(seed);
        var options = new MempoolOptions { Capacity = 24, PerSender = 8 };
        var pool = new TransactionPool(options, TimeProvider.System);
        var assembler = new BlockAssembler(new Basilisk.Chain.Validation.ChainRules(View.State.Parameters, new Basilisk.Chain.ProofOfWork.KeccakProofOfWork()));
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            Transaction transaction = Transfer((ulong)random.Next(10), random.Next(5), (ulong)random.Next(1, 60), random.Next(3) == 0 ? 1u : 0u);
            refused += pool.Add(View, transaction) is null ? 0 : 1;
            Assert.True(pool.Count <= options.Capacity);
            if (i % 10 != 0)
            {
                continue;
            }

            IReadOnlyList<CandidateTransaction> candidates = pool.Candidates(View);
            foreach (IGrouping<Address, CandidateTransaction> sender in candidates.GroupBy(candidate => candidate.Transaction.Sender))
            {
                Assert.True(sender.Count() <= options.PerSender);
                Assert.Equal(Enumerable.Range(0, sender.Count()).Select(n => (ulong)n), sender.Select(candidate => candidate.Transaction.Nonce));
            }

            BlockTemplate template = assembler.Build(View.State, Somebody, candidates, View.State.Head.EarliestNextTime, Outcome());
            Assert.All(template.Skipped, skipped => Assert.Contains(skipped.Refusal.Token, new[] { Tokens.TransactionCount, Tokens.BlockGasExceeded, Tokens.NonceTooHigh }));
        }

        Assert.InRange(refused, 10, 140);
    }

    [Fact]
    public async Task What_a_block_took_leaves_the_pool_and_what_it_made_impossible_too()
    {
        await using var fixture = new Disposing(await NewAsync());
        TestNode node = fixture.Chain.Node;
        PrivateKey sender = fixture.Chain.Senders[0];
        Transaction mined = node.Transfer(0, Somebody, 1, 10, sender);
        Transaction waits = node.Transfer(1, Somebody, 1, 10, sender);
        Assert.Null(node.Pool.Add(node.View, mined));
        Assert.Null(node.Pool.Add(node.View, waits));
        var rival = new TransactionPool(new MempoolOptions(), TimeProvider.System);
        Transaction double1 = node.Transfer(0, Somebody, 2, 10, sender);
        Assert.Null(rival.Add(node.View, double1));

        await node.MineAsync(contribute: false);
        rival.Follow(node.View);
        Assert.Equal(0, rival.Count);
        Assert.Equal(0, node.Pool.Count);
    }

    private static async Task<FundedChain> NewAsync()
    {
        var chain = new FundedChain();
        await chain.InitializeAsync();
        return chain;
    }

    private PrivateKey Sender => chain.Senders[0];

    private static TransactionPool Pool(int capacity = 64, int perSender = 16) =>
        new(new MempoolOptions { Capacity = capacity, PerSender = perSender }, TimeProvider.System);

    private Transaction Transfer(ulong nonce, int sender = 0, ulong gwei = 2, uint value = 0) =>
        chain.Node.Transfer(nonce, Somebody, (UInt256)value * Bsk.Coin, gwei, chain.Senders[sender]);

    private Transaction Call(ProtocolCall call, ulong nonce, PrivateKey key)
    {
        byte[] data = call.Encode();
        return UnsignedTransaction.DynamicFee(View.State.Parameters.ChainId, nonce, 0, 0, IntrinsicGas.Of(data, []), ProtocolCall.Address, 0, data).Sign(key);
    }

    private WorkUnit OpenUnit() => chain.Node.Book.NextUnit(View) ?? throw new InvalidOperationException("No unit is open.");

    private ulong[] Nonces(TransactionPool pool) => [.. pool.Candidates(View).Select(candidate => candidate.Transaction.Nonce)];

    private Basilisk.Chain.Settlement.RoundOutcome? Outcome() =>
        View.State.Parameters.Rounds.IsLastOfRound(View.State.Height + 1) ? chain.Node.Outcomes.OutcomeAsync(View, CancellationToken.None).GetAwaiter().GetResult() : null;

    private sealed record Disposing(FundedChain Chain) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Chain.DisposeAsync();
    }
}
