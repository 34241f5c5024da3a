using System.Globalization;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Genesis;

namespace Basilisk.Simulation.World;

/// <summary>
/// A network small enough to simulate: a corpus, its tokenizer, a model's shape and the constants of judging, made by the same code
/// as a real network's. Immutable; participants and rounds of many runs may share one.
/// </summary>
public sealed class SmallNetwork
{
    private SmallNetwork(SmallNetworkOptions options, GenesisArtefacts artefacts, ModelShape shape)
    {
        Options = options;
        Shape = shape;
        Corpus = artefacts.Corpus;
        Tokenizer = artefacts.Tokenizer;
        Sampler = new BatchSampler(Corpus, shape.Context);
        Holdout = Sampler.Holdout(options.HoldoutWindows);
    }

    public SmallNetworkOptions Options { get; }

    public ModelShape Shape { get; }

    public TokenCorpus Corpus { get; }

    public TokenizerTable Tokenizer { get; }

    public BatchSampler Sampler { get; }

    /// <summary>H.</summary>
    public TokenBatch Holdout { get; }

    public PayloadLimits Payload => Options.Payload;

    /// <summary>Reads the text, learns the tokenizer and encodes: a second or two.</summary>
    public static SmallNetwork Create(SmallNetworkOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var genesis = new GenesisOptions
        {
            VocabularySize = options.VocabularySize,
            Depth = options.Depth,
            Context = options.Context,
            JudgingWindows = Math.Max(options.PaidWindows, options.HoldoutWindows),
        };
        var excerpt = new CorpusExcerpt(new DefaultCorpus(), options.TextBytes);
        return new SmallNetwork(options, new GenesisBuilder(genesis, threads: 1).Build(excerpt, null, cancellation), genesis.Shape);
    }

    /// <summary>C_0 of a run.</summary>
    public Checkpoint Genesis(int seed) => CheckpointInitialiser.Create(Shape, RunSeed.Of(seed, "genesis"));

    /// <summary>What of a delta its payload carries: encoded and decoded, as every judge gets it.</summary>
    /// <exception cref="ArgumentException">The delta has no entries or is none that a payload can carry.</exception>
    public SparseDelta ThroughPayload(SparseDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        byte[] payload = PayloadCodec.Encode(delta, Payload);
        return PayloadCodec.TryDecode(payload, Shape.ParameterCount, Payload, out SparseDelta? decoded, out PayloadRefusal? refusal)
            ? decoded
            : throw new ArgumentException($"A payload just encoded was refused: {refusal?.Token}.", nameof(delta));
    }

    /// <summary>A round's question, with P and Q drawn from its evaluation seed.</summary>
    /// <param name="evaluationSeed">What the reveal phase's blocks gave.</param>
    /// <param name="origin">C_0.</param>
    /// <param name="current">C_r.</param>
    /// <param name="past">C_{r−1} … newest first; those beyond the last eight are left out.</param>
    /// <param name="pastPayloads">Of rounds r − 1, r − 2, …; those beyond the last eight are left out.</param>
    /// <param name="deltas">The round's reveals, as decoded.</param>
    public SettlementInput Round(
        Hash256 evaluationSeed,
        Checkpoint origin,
        Checkpoint current,
        IEnumerable<Checkpoint> past,
        IEnumerable<IReadOnlyList<SparseDelta>> pastPayloads,
        IReadOnlyList<SparseDelta> deltas)
    {
        JudgingBatches batches = Sampler.DrawJudging(evaluationSeed, Options.PaidWindows, Options.PaidWindows);
        return new SettlementInput
        {
            Shape = Shape,
            Parameters = Options.Settlement,
            Current = current,
            Origin = origin,
            Past = [.. past.Take(SettlementParameters.MaxPast)],
            PastPayloads = [.. pastPayloads.Take(SettlementParameters.MaxPast)],
            Candidates = [.. deltas.Select((delta, i) => new Candidate(RunSeed.Of(i, "unit"), delta))],
            Paid = batches.Paid,
            Confirmation = batches.Confirmation,
            Holdout = Holdout,
        };
    }

    /// <summary>The network in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Shape.ParameterCount:N0} weights, T={Shape.Context}, P=Q={Options.PaidWindows * Shape.Context:N0} tokens, k={Payload.EntriesPerChunk}, {Payload.LevelBits} bits");
}
