using Basilisk.Chain.Hashing;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Chains;

/// <summary>
/// Payloads, checkpoints and results of a run. Every node would compute the same result from the same question, so each is computed
/// once and shared: the evaluation seed names the whole chain below it.
/// </summary>
public sealed class SettlementBook : IPayloadSource
{
    private readonly SmallNetwork _world;
    private readonly IntegerLossEvaluator _judge = new(threads: 1);
    private readonly Dictionary<Hash256, byte[]> _payloads = [];
    private readonly Dictionary<Hash256, Checkpoint> _checkpoints = [];
    private readonly Dictionary<(ulong Round, Hash256 Seed), RoundOutcome> _outcomes = [];

    public SettlementBook(SmallNetwork world, Checkpoint genesis)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(genesis);
        _world = world;
        _checkpoints.Add(genesis.Root, genesis);
    }

    /// <summary>The checkpoint of a root that some outcome named.</summary>
    public Checkpoint Checkpoint(Hash256 root) => _checkpoints[root];

    public ReadOnlyMemory<byte> GetPayload(Hash256 payloadHash) => _payloads[payloadHash];

    /// <summary>Keeps a payload and names it.</summary>
    public Hash256 Add(byte[] payload)
    {
        Hash256 hash = Keccak256.Hash(payload);
        _payloads[hash] = payload;
        return hash;
    }

    /// <summary>The result that the block after the view needs; null where it needs none.</summary>
    /// <param name="view">The chain below that block.</param>
    /// <param name="cancellation">Stops between evaluations.</param>
    public RoundOutcome? Outcome(ChainView view, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        ChainState state = view.State;
        if (!state.Parameters.Rounds.IsLastOfRound(state.Height + 1))
        {
            return null;
        }

        RoundJudgement question = RoundJudgement.From(state, this)!;
        if (!_outcomes.TryGetValue((question.Round, question.EvaluationSeed), out RoundOutcome? outcome))
        {
            outcome = Judge(question, view, cancellation);
            _outcomes.Add((question.Round, question.EvaluationSeed), outcome);
        }

        return outcome;
    }

    private RoundOutcome Judge(RoundJudgement question, ChainView view, CancellationToken cancellation)
    {
        if (question.Payloads.IsEmpty)
        {
            return RoundOutcome.Empty(question.Round, question.ModelRoot, question.EvaluationSeed);
        }

        SettlementInput input = _world.Round(
            question.EvaluationSeed,
            Checkpoint(view.State.Parameters.Model.GenesisModelRoot),
            Checkpoint(question.ModelRoot),
            view.Ended.Select(round => Checkpoint(round.ModelRoot)),
            view.Ended.Select(round => (IReadOnlyList<SparseDelta>)[.. round.Payloads.Select(hash => Decode(_payloads[hash]))]),
            []) with
        {
            Candidates = [.. question.Payloads.Select(payload => new Candidate(payload.Unit, Decode(payload.Payload)))],
        };
        SettlementResult result = RoundSettlement.Settle(input, _judge, null, cancellation);
        _checkpoints[result.Next.Root] = result.Next;
        return RoundOutcomes.From(question, result);
    }

    private SparseDelta Decode(ReadOnlyMemory<byte> payload) =>
        PayloadCodec.TryDecode(payload.Span, _world.Shape.ParameterCount, _world.Payload, out SparseDelta? delta, out PayloadRefusal? refusal)
            ? delta
            : throw new InvalidOperationException($"A revealed payload does not decode: {refusal?.Token}.");
}
