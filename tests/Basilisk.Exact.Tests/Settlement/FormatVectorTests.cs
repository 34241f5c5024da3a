using System.Globalization;
using System.Text.Json;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>Streams, trees, checkpoints, corpora, drawn windows and payloads, as the second implementation has them.</summary>
public sealed class FormatVectorTests
{
    private static readonly JsonElement Formats = SettlementVectors.Load("formats.json");

    private static readonly JsonElement Payloads = SettlementVectors.Load("payloads.json");

    [Fact]
    public void Streams_give_the_same_numbers()
    {
        JsonElement vector = Formats.GetProperty("stream");
        var stream = new SeedStream(vector.Hash("seed"), vector.GetProperty("label").GetString()!, (ulong)vector.Int("index"));
        Assert.All(vector.GetProperty("numbers").EnumerateArray(), number => Assert.Equal(ulong.Parse(number.GetString()!, CultureInfo.InvariantCulture), stream.NextUInt64()));
        ulong[] bounds = [1, 10, 1_000_003, (1ul << 63) + 1, ulong.MaxValue];
        string[] below = [.. bounds.Select(bound => stream.NextBelow(bound).ToString(CultureInfo.InvariantCulture))];
        Assert.Equal(vector.GetProperty("below").EnumerateArray().Select(number => number.GetString()), below);
    }

    [Fact]
    public void Trees_have_the_same_roots()
    {
        foreach (JsonElement vector in Formats.GetProperty("trees").EnumerateArray())
        {
            var tree = new MerkleTree([.. Enumerable.Range(0, vector.Int("leaves")).Select(i => MerkleTree.LeafHash([(byte)i]))]);
            Assert.Equal(vector.Hash("root"), tree.Root);
        }
    }

    [Fact]
    public void Initial_checkpoints_have_the_same_weights_bytes_and_root()
    {
        foreach (JsonElement vector in Formats.GetProperty("shapes").EnumerateArray())
        {
            ModelShape shape = SettlementVectors.Shape(vector.Ints("sizes"), vector.GetProperty("tied").GetBoolean());
            Checkpoint checkpoint = CheckpointInitialiser.Create(shape, Formats.Hash("genesisSeed"));
            Assert.Equal(vector.Int("count"), checkpoint.Weights.Length);
            Assert.Equal(vector.Ints("first"), checkpoint.Weights.Slice(0, 5).ToArray());
            Assert.Equal(vector.GetProperty("sum").GetInt64(), checkpoint.Weights.ToArray().Sum(weight => (long)weight));
            Assert.Equal(vector.Bytes("header"), CheckpointCodec.Encode(checkpoint)[..CheckpointCodec.HeaderSize]);
            Assert.Equal(vector.Hash("root"), checkpoint.Root);
        }
    }

    [Fact]
    public void Corpora_and_drawn_windows_are_the_same()
    {
        JsonElement vector = Formats.GetProperty("corpus");
        TokenCorpus corpus = SettlementVectors.Corpus(vector.Hash("seed"), vector.Int("tokens"));
        Assert.Equal(vector.Bytes("header"), CorpusCodec.Encode(corpus)[..CorpusCodec.HeaderSize]);
        Assert.Equal(vector.Hash("root"), corpus.Root);

        JsonElement draws = Formats.GetProperty("draws");
        var sampler = new BatchSampler(corpus, draws.Int("length"));
        JudgingBatches batches = sampler.DrawJudging(draws.Hash("seed"), 5, 4);
        AssertWindows(draws.GetProperty("paid"), batches.Paid);
        AssertWindows(draws.GetProperty("confirmation"), batches.Confirmation);
        AssertWindows(draws.GetProperty("training"), sampler.DrawTraining(draws.Hash("seed"), 2, 3));
        AssertWindows(draws.GetProperty("holdout"), sampler.Holdout(4));
    }

    [Fact]
    public void Payloads_encode_and_decode_to_the_same_bits()
    {
        foreach (JsonElement vector in Payloads.GetProperty("cases").EnumerateArray())
        {
            var limits = new PayloadLimits(vector.Int("k"), vector.Int("levelBits"));
            var delta = new SparseDelta(vector.Int("weights"), vector.Ints("indices"), vector.Ints("values"));
            byte[] bytes = vector.Bytes("bytes");
            Assert.Equal(bytes, PayloadCodec.Encode(delta, limits));
            Assert.True(PayloadCodec.TryDecode(bytes, delta.Dimension, limits, out SparseDelta? decoded, out _));
            Assert.Equal(delta, decoded);
        }
    }

    [Fact]
    public void Altered_payloads_are_refused_for_the_same_reasons()
    {
        JsonElement refused = Payloads.GetProperty("refused");
        var limits = new PayloadLimits(refused.Int("k"), refused.Int("levelBits"));
        foreach (JsonElement vector in refused.GetProperty("cases").EnumerateArray())
        {
            byte[] bytes = vector.Bytes("bytes");
            bool decoded = PayloadCodec.TryDecode(bytes, refused.Int("weights"), limits, out SparseDelta? delta, out PayloadRefusal? refusal);
            Assert.Equal(vector.GetProperty("token").GetString(), refusal?.Token);
            if (decoded)
            {
                Assert.Equal(bytes, PayloadCodec.Encode(delta!, limits));
            }
        }
    }

    private static void AssertWindows(JsonElement expected, TokenBatch actual)
    {
        JsonElement[] windows = [.. expected.EnumerateArray()];
        Assert.Equal(windows.Length, actual.Sequences);
        for (int i = 0; i < windows.Length; i++)
        {
            Assert.Equal(windows[i].EnumerateArray().Select(token => token.GetUInt16()), actual.Sequence(i).ToArray());
        }
    }
}
