using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
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
using Xunit;

namespace Basilisk.Chain.Tests.Support;

/// <summary>A chain on the test network that mines its own blocks and keeps all they carried.</summary>
internal sealed class TestChain : IPayloadSource
{
    private readonly Dictionary<Hash256, ReadOnlyMemory<byte>> _payloads = [];

    public TestChain(NetworkParameters? parameters = null)
    {
        Parameters = parameters ?? TestNetwork.Parameters;
        Rules = new ChainRules(Parameters, KeccakProofOfWork.Instance);
        Assembler = new BlockAssembler(Rules);
        State = ChainState.Genesis(Parameters);
    }

    public NetworkParameters Parameters { get; }

    public ChainRules Rules { get; }

    public BlockAssembler Assembler { get; }

    public ChainState State { get; private set; }

    public List<ConnectedBlock> Connected { get; } = [];

    public ReadOnlyMemory<byte> GetPayload(Hash256 payloadHash) => _payloads[payloadHash];

    /// <summary>Mines blocks on the tip until the next block has this position in its round.</summary>
    public TestChain MineTo(uint position, Address miner)
    {
        while (Parameters.Rounds.PositionOf(State.Height + 1) != position)
        {
            Mine(miner);
        }

        return this;
    }

    public ConnectedBlock Mine(Address miner, params CandidateTransaction[] candidates)
    {
        BlockTemplate template = Template(miner, candidates);
        Assert.Empty(template.Skipped);
        return Connect(Seal(template));
    }

    public BlockTemplate Template(Address miner, params CandidateTransaction[] candidates)
    {
        foreach (CandidateTransaction candidate in candidates)
        {
            if (candidate.Payload is { } payload)
            {
                _payloads[Keccak256.Hash(payload.Span)] = payload;
            }
        }

        return Assembler.Build(State, miner, candidates, State.Head.Header.Time + Parameters.Difficulty.BlockInterval, Outcome());
    }

    /// <summary>The running round's outcome where the next block needs it.</summary>
    public RoundOutcome? Outcome() => Rules.NeedsOutcome(State) ? Twist(FakeJudge.Judge(RoundJudgement.From(State, this)!)) : null;

    /// <summary>What is made of the judge's outcome.</summary>
    public Func<RoundOutcome, RoundOutcome> Twist { get; set; } = outcome => outcome;

    public ConnectedBlock Connect(Block block)
    {
        Verdict<ConnectedBlock> verdict = Rules.Connect(State, block, Outcome());
        Assert.True(verdict.TryGet(out ConnectedBlock? connected, out Refusal? refusal), refusal?.ToString());
        State = connected.State;
        Connected.Add(connected);
        return connected;
    }

    /// <summary>Why the rules refuse a block on the tip.</summary>
    public Refusal Refused(Block block)
    {
        Refusal? refusal = Rules.Connect(State, block, Outcome()).Refusal;
        Assert.NotNull(refusal);
        return refusal;
    }

    public ConnectedBlock Disconnect()
    {
        ConnectedBlock last = Connected[^1];
        Connected.RemoveAt(Connected.Count - 1);
        State = Rules.Disconnect(State, last.Undo);
        return last;
    }

    /// <summary>Finds a nonce.</summary>
    public static Block Seal(BlockTemplate template) => Seal(template.Block);

    public static Block Seal(Block block)
    {
        UInt256 target = block.Header.Target.TryDecode(out UInt256 decoded) ? decoded : CompactTarget.Easiest.ToTarget();
        for (ulong nonce = 0; ; nonce++)
        {
            BlockHeader header = block.Header with { Nonce = nonce };
            if (Work.Meets(header.Hash, target))
            {
                return block.WithHeader(header);
            }
        }
    }

    public Transaction Transfer(PrivateKey from, Address to, UInt256 value, ulong gasLimit = 21_000, ulong? nonce = null, byte[]? data = null) =>
        UnsignedTransaction.DynamicFee(
            Parameters.ChainId,
            nonce ?? State.Account(from.Address).Nonce,
            Bsk.Gwei,
            (UInt256)100 * Bsk.Gwei,
            gasLimit,
            to,
            value,
            data).Sign(from);

    /// <summary>A protocol call without a fee.</summary>
    public Transaction Call(PrivateKey from, ProtocolCall call, ulong? nonce = null, UInt256 value = default) =>
        UnsignedTransaction.DynamicFee(
            Parameters.ChainId,
            nonce ?? State.Account(from.Address).Nonce,
            UInt256.Zero,
            UInt256.Zero,
            40_000,
            ProtocolCall.Address,
            value,
            call.Encode()).Sign(from);

    public CandidateTransaction Commit(PrivateKey from, Hash256 unit, int payload, ulong? nonce = null) => new(Call(
        from,
        new CommitCall(unit, Commitment.Of(TestNetwork.Payload(payload), Salt(payload), from.Address, State.ModelRoot)),
        nonce));

    public CandidateTransaction Reveal(PrivateKey from, Hash256 unit, int payload, ulong? nonce = null)
    {
        byte[] bytes = TestNetwork.Payload(payload);
        return new CandidateTransaction(Call(from, new RevealCall(unit, Keccak256.Hash(bytes), Salt(payload)), nonce), bytes);
    }

    public static Hash256 Salt(int payload) => TestNetwork.HashOf($"salt {payload}");
}
