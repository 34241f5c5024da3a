using Basilisk.Exact.Shapes;
using Basilisk.Model.Inference;
using Basilisk.Model.Tests.Transformer;
using Basilisk.Model.Transformer;
using Xunit;

namespace Basilisk.Model.Tests.Inference;

public sealed class DecoderTests
{
    private static readonly ModelShape Shape = new(61, 24, 2, 3, 40, 32, TiedHead: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(30)]
    public void Cached_decoding_gives_the_logits_of_a_full_forward_pass(int promptLength)
    {
        float[] weights = SmallModels.Weights(Shape, seed: 31);
        ushort[] tokens = SmallModels.Batch(Shape, 1, 30, seed: 32).Sequence(0)[..30].ToArray();
        double[][] expected = new ReferenceLoss(Shape).Logits(SmallModels.ToDouble(weights), tokens);
        var decoder = new Decoder(new InferenceWeights(Shape, weights));

        AssertEqual(expected[promptLength - 1], decoder.Read(tokens.AsSpan(0, promptLength)));
        for (int t = promptLength; t < tokens.Length; t++)
        {
            AssertEqual(expected[t], decoder.Read(tokens[t]));
        }
    }

    [Fact]
    public void A_full_context_slides_to_its_newest_half()
    {
        float[] weights = SmallModels.Weights(Shape, seed: 33);
        ushort[] tokens = SmallModels.Batch(Shape, 1, 33, seed: 34).Sequence(0)[..33].ToArray();
        var decoder = new Decoder(new InferenceWeights(Shape, weights));
        decoder.Read(tokens.AsSpan(0, 32));
        Assert.Equal(32, decoder.Length);
        float[] logits = decoder.Read(tokens[32]).ToArray();
        Assert.Equal(16, decoder.Length);
        AssertEqual(new ReferenceLoss(Shape).Logits(SmallModels.ToDouble(weights), tokens.AsSpan(17))[^1], logits);
    }

    [Fact]
    public void A_prompt_longer_than_the_context_keeps_its_newest_half_context()
    {
        float[] weights = SmallModels.Weights(Shape, seed: 35);
        var tokens = new ushort[100];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (ushort)(i % Shape.Vocabulary);
        }

        var decoder = new Decoder(new InferenceWeights(Shape, weights));
        AssertEqual(new ReferenceLoss(Shape).Logits(SmallModels.ToDouble(weights), tokens.AsSpan(84))[^1], decoder.Read(tokens));
    }

    [Fact]
    public void Generation_stops_at_a_stop_token_reports_probabilities_and_is_repeatable()
    {
        var weights = new InferenceWeights(Shape, SmallModels.Weights(Shape, seed: 36));
        var request = new GenerationRequest(new ushort[] { 1, 2, 3 }, 80, new HashSet<ushort>(), new SamplingOptions { Seed = 5 }, TopAlternatives: 3);
        GeneratedToken[] first = [.. TextGeneration.Generate(weights, request, CancellationToken.None)];
        GeneratedToken[] second = [.. TextGeneration.Generate(weights, request, CancellationToken.None)];
        Assert.Equal(80, first.Length);
        Assert.Equal(first.Select(token => token.Token), second.Select(token => token.Token));
        Assert.All(first, token =>
        {
            Assert.True(token.LogProbability <= token.Alternatives[0].LogProbability);
            Assert.Equal(token.Alternatives.OrderByDescending(choice => choice.LogProbability), token.Alternatives);
            Assert.False(token.IsStop);
        });

        ushort stop = first[10].Token;
        GeneratedToken[] stopped = [.. TextGeneration.Generate(weights, request with { StopTokens = new HashSet<ushort> { stop } }, CancellationToken.None)];
        Assert.True(stopped[^1].IsStop);
        Assert.Equal(Array.FindIndex(first, token => token.Token == stop) + 1, stopped.Length);
    }

    [Fact]
    public async Task A_cancelled_generation_ends_with_the_cancellation()
    {
        var weights = new InferenceWeights(Shape, SmallModels.Weights(Shape, seed: 37));
        var request = new GenerationRequest(new ushort[] { 1 }, int.MaxValue, new HashSet<ushort>(), new SamplingOptions());
        using var source = new CancellationTokenSource();
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedToken _ in TextGeneration.GenerateAsync(weights, request, source.Token))
            {
                if (++seen == 50)
                {
                    await source.CancelAsync();
                }
            }
        });
        Assert.Equal(50, seen);
    }

    private static void AssertEqual(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-4);
        }
    }
}
