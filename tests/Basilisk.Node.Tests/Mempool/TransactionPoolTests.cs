using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;
using Xunit;

namespace Basilisk.Node.Tests.Mempool;

/// <summary>What the mempool takes and lets go for nothing, on a chain of empty blocks.</summary>
public sealed class TransactionPoolTests
{
    private static readonly NetworkParameters Parameters = NetworkPresets.Test(
        new ModelParameters(NetworkPresets.TestShape, HashOf("tokenizer"), HashOf("corpus"), HashOf("seed"), HashOf("checkpoint")), 1_790_000_000);

    private readonly ChainRules _rules = new(Parameters, KeccakProofOfWork.Instance);
    private readonly PrivateKey _miner = PrivateKey.FromBytes(HashOf("miner").ToArray());
    private readonly TransactionPool _pool = new(new MempoolOptions(), TimeProvider.System);
    private ChainState _state = ChainState.Genesis(Parameters);

    private ChainView View => new(_state, RoundTrail.Start, ChainTotals.Zero);

    [Fact]
    public void A_call_that_waits_for_an_earlier_nonce_leaves_when_its_phase_is_over()
    {
        Hash256 unit = Mine();
        Assert.Null(_pool.Add(View, Commit(unit, nonce: 1)));
        Mine();
        _pool.Follow(View);
        Assert.Equal(1, _pool.Count);
        while (View.Phase == RoundPhase.Train)
        {
            Mine();
        }

        _pool.Follow(View);
        Assert.Equal(0, _pool.Count);
    }

    [Fact]
    public void Calls_behind_one_that_left_leave_too_and_can_be_signed_anew()
    {
        byte[] payload = PayloadCodec.Encode(new SparseDelta(Parameters.Model.Shape.ParameterCount, [7], [1 << 20]), Parameters.Payload);
        Hash256 salt = HashOf("salt");
        Hash256 first = Mine();
        Hash256 second = Mine();
        while (View.Round == 0)
        {
            Mine();
        }

        Hash256 promise = Commitment.Of(payload, salt, _miner.Address, _state.ModelRoot);
        Mine(Call(new CommitCall(first, promise), nonce: 0));
        Assert.Null(_pool.Add(View, Call(new CommitCall(second, promise), nonce: 1)));
        while (View.Phase == RoundPhase.Train)
        {
            Mine();
        }

        // Sent by a maker who still counts on the second commitment, whose moment has just passed.
        Assert.Null(_pool.Add(View, Call(new RevealCall(first, Keccak256.Hash(payload), salt), nonce: 2), payload));
        _pool.Follow(View);
        Assert.Equal(0, _pool.Count);
        Assert.Equal(1UL, _pool.NextNonce(View, _miner.Address));
        Assert.Null(_pool.Add(View, Call(new RevealCall(first, Keccak256.Hash(payload), salt), nonce: 1), payload));
        Assert.Single(_pool.Candidates(View));
    }

    [Fact]
    public void A_call_for_a_unit_that_is_not_the_senders_is_refused_whatever_its_nonce()
    {
        Mine();
        Assert.Equal("unit-unknown", _pool.Add(View, Commit(HashOf("no unit"), nonce: 1))?.Token);
    }

    /// <summary>A transaction comes beside the block that it is in: looked at on the old tip, it would wait for good.</summary>
    [Fact]
    public void A_transaction_that_was_looked_at_on_a_tip_that_has_passed_is_looked_at_again()
    {
        Hash256 unit = Mine();
        Mine();
        ChainView before = View;
        Transaction commit = Commit(unit, nonce: 0);
        Mine(commit);
        _pool.Follow(View);
        Assert.Equal(Tokens.NonceTooLow, _pool.Add(before, commit)?.Token);
        Assert.Equal(0, _pool.Count);
    }

    private Transaction Commit(Hash256 unit, ulong nonce) => Call(new CommitCall(unit, HashOf("promise")), nonce);

    private Transaction Call(ProtocolCall call, ulong nonce) => UnsignedTransaction.DynamicFee(
        Parameters.ChainId, nonce, UInt256.Zero, UInt256.Zero, 40_000, ProtocolCall.Address, UInt256.Zero, call.Encode()).Sign(_miner);

    /// <summary>Mines a block and returns its hash, the unit it draws.</summary>
    private Hash256 Mine(params Transaction[] transactions)
    {
        RoundOutcome? outcome = _rules.NeedsOutcome(_state)
            ? RoundOutcome.Empty(_state.NextRound, _state.ModelRoot, EvaluationSeed.Known(_state)!.Value)
            : null;
        BlockTemplate template = new BlockAssembler(_rules).Build(_state, _miner.Address, transactions.Select(transaction => new CandidateTransaction(transaction)), _state.Head.Header.Time + 1, outcome);
        UInt256 target = template.Block.Header.Target.ToTarget();
        ulong nonce = 0;
        Block block = template.WithNonce(nonce);
        while (!Work.Meets(block.Hash, target))
        {
            block = template.WithNonce(++nonce);
        }

        _state = _rules.Connect(_state, block, outcome).Value.State;
        return block.Hash;
    }

    private static Hash256 HashOf(string text) => Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
