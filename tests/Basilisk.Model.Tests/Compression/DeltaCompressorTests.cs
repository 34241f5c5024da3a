using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Compression;
using Basilisk.Model.Training;
using Xunit;

namespace Basilisk.Model.Tests.Compression;

public sealed class DeltaCompressorTests
{
    private const int Dimension = 10_000;

    [Fact]
    public void The_lead_is_the_share_asked_for_of_the_rest_as_it_will_be_wanted()
    {
        var compressor = new DeltaCompressor(Dimension, new PayloadLimits(64, 4), 0.8);
        compressor.Compress(Progress(seed: 1));
        float[] rest = compressor.Residual.ToArray();
        var weights = new float[Dimension];
        Array.Fill(weights, 1f);
        compressor.AddLead(weights, 0.25);
        Assert.Contains(rest, value => Math.Abs(value) > 1e-6);
        Assert.All(weights.Zip(rest), pair => Assert.Equal(1 + (0.2 * pair.Second), pair.First, 1e-6));
        Assert.Equal(rest, compressor.Residual.ToArray());
        Assert.Throws<ArgumentException>(() => compressor.AddLead(new float[Dimension - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => compressor.AddLead(weights, 1.01));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.95)]
    public void What_was_sent_and_what_is_kept_add_up_to_the_decayed_progress(double decay)
    {
        var compressor = new DeltaCompressor(Dimension, new PayloadLimits(64, 4), decay);
        var expected = new double[Dimension];
        for (int round = 0; round < 8; round++)
        {
            float[] progress = Progress(seed: round);
            SparseDelta sent = compressor.Compress(progress);
            for (int i = 0; i < Dimension; i++)
            {
                expected[i] = (decay * expected[i]) + progress[i];
            }

            for (int entry = 0; entry < sent.Count; entry++)
            {
                expected[sent.Indices[entry]] -= (double)sent.Values[entry] / MasterWeights.One;
            }

            for (int i = 0; i < Dimension; i++)
            {
                Assert.Equal(expected[i], compressor.Residual[i], 1e-8);
            }
        }
    }

    [Theory]
    [InlineData(64, 4)]
    [InlineData(500, 2)]
    [InlineData(4096, 8)]
    public void Payloads_survive_their_bytes_within_the_caps(int entries, int bits)
    {
        var limits = new PayloadLimits(entries, bits);
        SparseDelta sent = new DeltaCompressor(Dimension, limits).Compress(Progress(seed: 1));
        byte[] bytes = PayloadCodec.Encode(sent, limits);
        Assert.True(PayloadCodec.TryDecode(bytes, Dimension, limits, out SparseDelta? decoded, out PayloadRefusal? refusal), refusal?.ToString());
        Assert.Equal(sent, decoded);
        Assert.True(bytes.Length <= limits.MaxBytes(Dimension));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-4f)]
    [InlineData(100f)]
    public void Changes_of_whole_weights_still_have_a_canonical_payload(float change)
    {
        var limits = new PayloadLimits(64, 4);
        var progress = new float[Dimension];
        progress[7] = change;
        progress[9] = change;
        SparseDelta sent = new DeltaCompressor(Dimension, limits).Compress(progress);
        byte[] bytes = PayloadCodec.Encode(sent, limits);
        Assert.True(PayloadCodec.TryDecode(bytes, Dimension, limits, out SparseDelta? decoded, out PayloadRefusal? refusal), refusal?.ToString());
        Assert.Equal(sent, decoded);
        Assert.NotEqual(0, sent.Count);
    }

    [Fact]
    public void The_scale_leaves_no_more_error_than_any_other_power_of_two()
    {
        var limits = new PayloadLimits(64, 4);
        for (int seed = 0; seed < 20; seed++)
        {
            float[] progress = Progress(seed)[..4096];
            double[] master = [.. progress.Select(p => (double)p * MasterWeights.One)];
            int[] largest = [.. Enumerable.Range(0, 4096).OrderByDescending(i => Math.Abs(master[i])).Take(64)];
            var values = new double[4096];
            SparseDelta sent = new DeltaCompressor(4096, limits).Compress(progress);
            for (int entry = 0; entry < sent.Count; entry++)
            {
                Assert.Contains(sent.Indices[entry], largest);
                values[sent.Indices[entry]] = sent.Values[entry];
            }

            double error = largest.Sum(i => Math.Pow(master[i] - values[i], 2));
            for (int scale = 0; scale <= 23; scale++)
            {
                double other = largest.Sum(i =>
                {
                    double unit = 1 << scale;
                    double level = Math.Min(8, Math.Round(Math.Abs(master[i]) / unit));
                    return Math.Pow(Math.Abs(master[i]) - (level * unit), 2);
                });
                Assert.True(error <= other * (1 + 1e-9), $"seed {seed}: 2^{scale} leaves {other}, the payload {error}");
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Progress_beyond_the_largest_scale_is_sent_at_the_largest(int bits)
    {
        var limits = new PayloadLimits(64, bits);
        float[] progress = [.. Enumerable.Repeat(1e9f, Dimension)];
        SparseDelta sent = new DeltaCompressor(Dimension, limits).Compress(progress);
        Assert.All(sent.Values.ToArray(), value => Assert.Equal(1 << 23, value));
        byte[] bytes = PayloadCodec.Encode(sent, limits);
        Assert.True(PayloadCodec.TryDecode(bytes, Dimension, limits, out SparseDelta? decoded, out PayloadRefusal? refusal), refusal?.ToString());
        Assert.Equal(sent.Values.ToArray(), decoded.Values.ToArray());
    }

    [Fact]
    public void Everything_arrives_in_the_end_when_no_new_progress_comes()
    {
        var compressor = new DeltaCompressor(Dimension, new PayloadLimits(512, 4), decay: 1);
        float[] progress = Progress(seed: 3);
        double start = Norm(progress);
        compressor.Compress(progress);
        for (int round = 0; round < 40; round++)
        {
            compressor.Compress(new float[Dimension]);
        }

        Assert.True(Norm(compressor.Residual.ToArray()) < 0.02 * start);
    }

    [Fact]
    public void A_delta_that_never_reached_the_chain_can_be_given_back()
    {
        var compressor = new DeltaCompressor(Dimension, new PayloadLimits(64, 4));
        float[] progress = Progress(seed: 4);
        SparseDelta sent = compressor.Compress(progress);
        compressor.GiveBack(sent);
        for (int i = 0; i < Dimension; i++)
        {
            Assert.Equal(progress[i], compressor.Residual[i], 1e-8f);
        }
    }

    [Fact]
    public void No_progress_sends_nothing_and_infinite_progress_is_refused()
    {
        var compressor = new DeltaCompressor(Dimension, new PayloadLimits(64, 4));
        Assert.Equal(0, compressor.Compress(new float[Dimension]).Count);
        float[] progress = Progress(seed: 5);
        progress[77] = float.PositiveInfinity;
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => compressor.Compress(progress));
        Assert.Contains("weight 77", refusal.Message, StringComparison.Ordinal);
        Assert.All(compressor.Residual.ToArray(), rest => Assert.Equal(0f, rest));
    }

    [Fact]
    public async Task A_restored_compressor_sends_the_same()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var limits = new PayloadLimits(64, 4);
        var first = new DeltaCompressor(Dimension, limits);
        first.Compress(Progress(seed: 6));
        using var stream = new MemoryStream();
        await first.SaveAsync(stream, cancellation);
        stream.Position = 0;
        var second = new DeltaCompressor(Dimension, limits);
        await second.RestoreAsync(stream, cancellation);
        Assert.Equal(first.Compress(Progress(seed: 7)), second.Compress(Progress(seed: 7)));

        stream.Position = 0;
        SavedStateException refusal = await Assert.ThrowsAsync<SavedStateException>(() => new DeltaCompressor(Dimension + 1, limits).RestoreAsync(stream, cancellation));
        Assert.Contains("a model with 10000 weights", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Heavy-tailed, as real updates are.</summary>
    private static float[] Progress(int seed)
    {
        var random = new Random(seed);
        var progress = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            double sign = random.Next(2) == 0 ? 1 : -1;
            progress[i] = (float)(sign * 1e-3 * Math.Pow(random.NextDouble(), 4));
        }

        return progress;
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
}
