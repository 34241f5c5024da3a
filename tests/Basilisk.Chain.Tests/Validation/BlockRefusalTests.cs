using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Tests.Support;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation.Header;
using Basilisk.Chain.Validation.Isolation;
using Xunit;

namespace Basilisk.Chain.Tests.Validation;

/// <summary>Each rule broken by a block that is right in everything else.</summary>
public sealed class BlockRefusalTests
{
    private readonly TestChain _chain = new();
    private readonly PrivateKey _key = TestNetwork.Key(1);

    private Address Miner => _key.Address;

    [Fact]
    public void A_block_right_in_everything_connects() => Assert.NotNull(_chain.Mine(Miner));

    [Fact]
    public void A_target_that_is_not_canonical_is_refused() =>
        AssertRefused(Tokens.TargetNotCanonical, RefusalKind.Isolation, header => header with { Target = new CompactTarget(0x2000_00FF) });

    [Fact]
    public void A_target_easier_than_the_limit_is_refused() =>
        AssertRefused(Tokens.TargetAboveLimit, RefusalKind.Isolation, header => header with { Target = new CompactTarget(0x2100_FFFF) });

    [Fact]
    public void Too_little_work_is_refused()
    {
        Block block = TestChain.Seal(_chain.Template(Miner));
        ulong nonce = block.Header.Nonce;
        BlockHeader header;
        do
        {
            header = block.Header with { Nonce = ++nonce };
        }
        while (header.Hash.ToArray()[0] < 0x80);

        AssertRefusal(Tokens.WorkInsufficient, RefusalKind.Isolation, _chain.Refused(block.WithHeader(header)));
    }

    [Fact]
    public void A_block_without_a_miner_is_refused() =>
        AssertRefused(Tokens.MinerMissing, RefusalKind.Isolation, header => header with { Miner = Address.Zero });

    [Fact]
    public void Another_transactions_root_is_refused() =>
        AssertRefused(Tokens.TransactionsRootMismatch, RefusalKind.Isolation, header => header with { TransactionsRoot = TestNetwork.HashOf("x") });

    [Fact]
    public void Another_sidecar_root_is_refused() =>
        AssertRefused(Tokens.SidecarRootMismatch, RefusalKind.Isolation, header => header with { SidecarRoot = TestNetwork.HashOf("x") });

    [Fact]
    public void Another_parent_is_refused() =>
        AssertRefused(Tokens.ParentMismatch, RefusalKind.Header, header => header with { ParentHash = TestNetwork.HashOf("x") });

    [Fact]
    public void A_height_that_is_not_the_next_is_refused() =>
        AssertRefused(Tokens.HeightNotNext, RefusalKind.Header, header => header with { Height = header.Height + 1 });

    [Fact]
    public void Another_version_is_refused() =>
        AssertRefused(Tokens.VersionMismatch, RefusalKind.Header, header => header with { Version = 2 });

    [Fact]
    public void A_time_not_after_the_median_is_refused()
    {
        for (int i = 0; i < 8; i++)
        {
            _chain.Mine(Miner);
        }

        ulong median = _chain.State.Head.EarliestNextTime - 1;
        AssertRefused(Tokens.TimeNotAfterMedian, RefusalKind.Header, header => header with { Time = median });
    }

    [Fact]
    public void A_time_far_ahead_of_the_clock_is_refused_by_the_clock_rule_alone()
    {
        BlockHeader header = _chain.Template(Miner).Block.Header;
        ulong limit = _chain.Parameters.Difficulty.FutureLimit;
        Assert.Null(HeaderRules.CheckClock(_chain.Parameters, header, header.Time - limit));
        AssertRefusal(Tokens.TimeTooFarAhead, RefusalKind.Header, HeaderRules.CheckClock(_chain.Parameters, header, header.Time - limit - 1)!);
    }

    [Fact]
    public void A_target_off_schedule_is_refused() =>
        AssertRefused(Tokens.TargetMismatch, RefusalKind.Header, header => header with { Target = new CompactTarget(0x2040_0000) });

    [Fact]
    public void Another_model_root_is_refused() =>
        AssertRefused(Tokens.ModelRootMismatch, RefusalKind.State, header => header with { ModelRoot = TestNetwork.HashOf("x") });

    [Fact]
    public void Another_rounds_root_is_refused() =>
        AssertRefused(Tokens.RoundsRootMismatch, RefusalKind.State, header => header with { RoundsRoot = TestNetwork.HashOf("x") });

    [Fact]
    public void Another_state_root_is_refused() =>
        AssertRefused(Tokens.StateRootMismatch, RefusalKind.State, header => header with { StateRoot = TestNetwork.HashOf("x") });

    [Fact]
    public void More_transactions_than_the_cap_are_refused()
    {
        Transaction call = _chain.Call(_key, new CommitCall(default, default));
        Block block = Rebuilt([.. Enumerable.Repeat(call, 41)], []);
        AssertRefusal(Tokens.TransactionCount, RefusalKind.Isolation, _chain.Refused(block));
    }

    [Fact]
    public void More_payloads_than_the_cap_are_refused() =>
        AssertRefusal(Tokens.PayloadCount, RefusalKind.Isolation, _chain.Refused(Rebuilt([], [new byte[1], new byte[2], new byte[3], new byte[4], new byte[5]])));

    [Fact]
    public void A_payload_above_the_cap_is_refused() =>
        AssertRefusal(Tokens.PayloadTooLarge, RefusalKind.Isolation, _chain.Refused(Rebuilt([], [new byte[_chain.Parameters.Caps.PayloadBytes + 1]])));

    [Fact]
    public void A_block_above_the_cap_is_refused()
    {
        BlockCaps caps = _chain.Parameters.Caps;
        var chain = new TestChain(_chain.Parameters with { Caps = caps with { BlockBytes = (caps.PayloadBytes * caps.PayloadsPerBlock) + 65_536 } });
        Transaction[] memos = [.. Enumerable.Range(0, 9).Select(i => chain.Transfer(_key, Miner, 0, gasLimit: 200_000, nonce: (ulong)i, data: new byte[8_000]))];
        byte[][] payloads = [.. Enumerable.Range(0, 4).Select(_ => new byte[caps.PayloadBytes])];
        Block block = Rebuilt(memos, payloads, chain);
        AssertRefusal(Tokens.BlockTooLarge, RefusalKind.Isolation, chain.Refused(block));
    }

    [Fact]
    public void More_gas_than_a_block_has_is_refused()
    {
        NetworkParameters small = _chain.Parameters with { Fees = _chain.Parameters.Fees with { GasLimit = 100_000 } };
        var chain = new TestChain(small);
        Transaction[] calls = [.. Enumerable.Range(0, 5).Select(i => chain.Call(_key, new CommitCall(TestNetwork.HashOf("a"), TestNetwork.HashOf("b")), (ulong)i))];
        AssertRefusal(Tokens.BlockGasExceeded, RefusalKind.Isolation, chain.Refused(Rebuilt(calls, [], chain)));
    }

    [Fact]
    public void A_transaction_twice_in_a_block_is_refused()
    {
        Transaction call = _chain.Call(_key, new CommitCall(default, default));
        AssertRefusal(Tokens.TransactionRepeated, RefusalKind.Isolation, _chain.Refused(Rebuilt([call, call], [])));
    }

    [Fact]
    public void A_payload_without_a_reveal_is_refused() =>
        AssertRefusal(Tokens.SidecarCountMismatch, RefusalKind.Isolation, _chain.Refused(Rebuilt([], [TestNetwork.Payload(1)])));

    [Fact]
    public void A_reveal_without_a_payload_is_refused()
    {
        Transaction reveal = _chain.Reveal(_key, TestNetwork.HashOf("unit"), 1).Transaction;
        AssertRefusal(Tokens.SidecarCountMismatch, RefusalKind.Isolation, _chain.Refused(Rebuilt([reveal], [])));
    }

    [Fact]
    public void A_payload_that_its_reveal_does_not_name_is_refused()
    {
        Transaction reveal = _chain.Reveal(_key, TestNetwork.HashOf("unit"), 1).Transaction;
        AssertRefusal(Tokens.PayloadHashMismatch, RefusalKind.Isolation, _chain.Refused(Rebuilt([reveal], [TestNetwork.Payload(2)])));
    }

    [Fact]
    public void A_payload_that_does_not_decode_is_refused()
    {
        byte[] broken = [.. TestNetwork.Payload(1), 0];
        Transaction reveal = _chain.Call(_key, new RevealCall(default, Keccak256.Hash(broken), default));
        Refusal refusal = _chain.Refused(Rebuilt([reveal], [broken]));
        AssertRefusal(Tokens.PayloadMalformed, RefusalKind.Isolation, refusal);
        Assert.Contains("payload-length-mismatch", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transaction_of_another_chain_is_refused() => AssertIsolated(
        Tokens.ChainIdMismatch,
        UnsignedTransaction.DynamicFee(1, 0, 0, 0, 21_000, Miner, 0).Sign(_key));

    [Fact]
    public void A_gas_limit_above_a_blocks_is_refused() => AssertIsolated(
        Tokens.GasLimitAboveBlock,
        UnsignedTransaction.DynamicFee(_chain.Parameters.ChainId, 0, 0, 0, 1_000_001, Miner, 0).Sign(_key));

    [Fact]
    public void A_protocol_call_with_coins_is_refused() => AssertIsolated(
        Tokens.ProtocolCallWithValue,
        _chain.Call(_key, new CommitCall(default, default), value: 1));

    [Fact]
    public void A_protocol_call_with_an_access_list_is_refused()
    {
        UnsignedTransaction call = _chain.Call(_key, new CommitCall(default, default)).Body with
        {
            AccessList = [new AccessListEntry(Miner, [])],
        };
        AssertIsolated(Tokens.ProtocolCallWithAccessList, call.Sign(_key));
    }

    [Fact]
    public void A_transaction_to_the_protocol_that_is_no_call_is_refused() => AssertIsolated(
        TransactionToken.ProtocolCallUnknown,
        UnsignedTransaction.DynamicFee(_chain.Parameters.ChainId, 0, 0, 0, 21_000, ProtocolCall.Address, 0).Sign(_key));

    private void AssertIsolated(string token, Transaction transaction)
    {
        AssertRefusal(token, RefusalKind.Isolation, TransactionRules.CheckIsolated(_chain.Parameters, transaction)!);
        AssertRefusal(token, RefusalKind.Isolation, _chain.Refused(Rebuilt([transaction], [])));
    }

    private void AssertRefused(string token, RefusalKind kind, Func<BlockHeader, BlockHeader> change)
    {
        Block block = _chain.Template(Miner).Block;
        AssertRefusal(token, kind, _chain.Refused(TestChain.Seal(block.WithHeader(change(block.Header)))));
    }

    private static void AssertRefusal(string token, RefusalKind kind, Refusal refusal)
    {
        Assert.Equal(token, refusal.Token);
        Assert.Equal(kind, refusal.Kind);
    }

    /// <summary>A sealed block with another body, whose body roots are right.</summary>
    private Block Rebuilt(Transaction[] transactions, byte[][] payloads, TestChain? chain = null)
    {
        BlockHeader header = (chain ?? _chain).Template(Miner).Block.Header with
        {
            TransactionsRoot = Block.TransactionsRoot(transactions),
            SidecarRoot = Block.SidecarRoot([.. payloads.Select(payload => Keccak256.Hash(payload))]),
        };
        return TestChain.Seal(new Block(header, [.. transactions], [.. payloads.Select(payload => new ReadOnlyMemory<byte>(payload))]));
    }
}
