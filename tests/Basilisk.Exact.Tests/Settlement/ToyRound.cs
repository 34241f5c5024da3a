using Basilisk.Exact.Batches;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>A small world in which settlement can be watched: a toy loss, honest deltas, noise.</summary>
internal static class ToyRound
{
    public static readonly ModelShape Shape = new(Vocabulary: 64, Width: 32, Layers: 1, Heads: 1, FeedForward: 96, Context: 16, TiedHead: true);

    public static readonly Checkpoint Genesis = CheckpointInitialiser.Create(Shape, Id("genesis"));

    public static readonly TokenCorpus Corpus = MakeCorpus();

    public static readonly PayloadLimits Limits = new(entriesPerChunk: 256, levelBits: 6);

    public static Hash256 Id(string name) => MerkleTree.LeafHash(System.Text.Encoding.ASCII.GetBytes(name));

    /// <summary>What an honest participant sends: for weights he looked at, part of the way to the optimum, with noise, as a payload carries it.</summary>
    public static SparseDelta Honest(Checkpoint current, string name, int percent = 10)
    {
        var stream = new SeedStream(Id(name), "toy-honest");
        ReadOnlySpan<int> weights = current.Weights.Span;
        var wanted = new Dictionary<int, long>();
        while (wanted.Count < 700)
        {
            int k = (int)stream.NextBelow((ulong)weights.Length);
            long noise = (long)stream.NextBelow(1 << 18) - (1 << 17);
            wanted[k] = ((long)ToyJudge.Optimum(k) - weights[k]) * percent / 100 + (noise * percent / 100);
        }

        return Quantise(wanted);
    }

    public static SparseDelta Noise(string name)
    {
        var stream = new SeedStream(Id(name), "toy-noise");
        var wanted = new Dictionary<int, long>();
        while (wanted.Count < 700)
        {
            wanted[(int)stream.NextBelow((ulong)Genesis.Weights.Length)] = (long)stream.NextBelow(1 << 19) - (1 << 18);
        }

        return Quantise(wanted);
    }

    /// <summary>Levels of 2¹⁵, then through the payload's bytes and back.</summary>
    public static SparseDelta Quantise(IReadOnlyDictionary<int, long> wanted)
    {
        var entries = wanted
            .Select(entry => (entry.Key, Value: (int)(Math.Clamp(entry.Value >> 15, -Limits.MaxLevel, Limits.MaxLevel) << 15)))
            .Where(entry => entry.Value != 0)
            .OrderBy(entry => entry.Key)
            .ToArray();
        var delta = new SparseDelta(Genesis.Weights.Length, [.. entries.Select(entry => entry.Key)], [.. entries.Select(entry => entry.Value)]);
        Assert.True(PayloadCodec.TryDecode(PayloadCodec.Encode(delta, Limits), delta.Dimension, Limits, out SparseDelta? decoded, out _));
        return decoded;
    }

    public static SettlementInput Input(Checkpoint current, params Candidate[] candidates)
    {
        var sampler = new BatchSampler(Corpus, Shape.Context);
        JudgingBatches batches = sampler.DrawJudging(Id("evaluation"), 256, 256);
        return new SettlementInput
        {
            Shape = Shape,
            Parameters = new SettlementParameters(),
            Current = current,
            Origin = Genesis,
            Past = [],
            PastPayloads = [],
            Candidates = candidates,
            Paid = batches.Paid,
            Confirmation = batches.Confirmation,
            Holdout = sampler.Holdout(64),
        };
    }

    public static Candidate[] HonestCandidates(Checkpoint current, int count, string prefix = "honest") =>
        [.. Enumerable.Range(0, count).Select(i => new Candidate(Id($"unit-{i}"), Honest(current, $"{prefix}-{i}")))];

    public static SettlementResult Settle(SettlementInput input, ILossEvaluator? judge = null) =>
        RoundSettlement.Settle(input, judge ?? new ToyJudge(), null, CancellationToken.None);

    private static TokenCorpus MakeCorpus()
    {
        var stream = new SeedStream(Id("corpus"), "toy-corpus");
        var tokens = new ushort[60_000];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (ushort)stream.NextBelow(64);
        }

        return new TokenCorpus(64, tokens, 100);
    }
}
