using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Judging;

public sealed class IntegerLossEvaluatorTests
{
    private static readonly ModelShape Small = new(Vocabulary: 67, Width: 24, Layers: 2, Heads: 3, FeedForward: 37, Context: 40, TiedHead: false);

    public static TheoryData<int, int, int, int, int, int, bool> Shapes => new()
    {
        { 67, 24, 2, 3, 37, 19, false },
        { 67, 24, 2, 3, 37, 19, true },
        { 5, 2, 1, 1, 1, 1, true },
        { 300, 64, 3, 2, 176, 70, true },
        { 17, 36, 1, 9, 50, 130, false },
        { 40, 16, 4, 1, 33, 33, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Losses_agree_with_double_precision(int vocabulary, int width, int layers, int heads, int feedForward, int length, bool tied)
    {
        var shape = new ModelShape(vocabulary, width, layers, heads, feedForward, length, tied);
        var samples = new SampleModels((ulong)(vocabulary + width));
        int[] weights = samples.Weights(shape);
        TokenBatch batch = samples.Batch(shape, sequences: 3, length);
        long[] losses = new IntegerLossEvaluator(1).Evaluate(shape, weights, batch, CancellationToken.None);
        double[] expected = new FloatForward(shape, weights).Losses(batch);
        for (int i = 0; i < losses.Length; i++)
        {
            // 16-bit weights: up to about 2e-5 nats on one token of these random models, less on the mean of several.
            double difference = (losses[i] / (double)(1 << LossFormat.FractionBits)) - expected[i];
            Assert.True(Math.Abs(difference) / length < 5e-5, $"sequence {i}: {difference / length:E2} nats per token");
        }
    }

    [Fact]
    public void A_small_change_of_the_weights_moves_the_loss_as_in_double_precision()
    {
        var samples = new SampleModels(6);
        int[] before = samples.Weights(Small);
        int[] after = Array.ConvertAll(before, w => w + samples.Below(1 << 15) - (1 << 14));
        TokenBatch batch = samples.Batch(Small, sequences: 24, length: 40);
        var evaluator = new IntegerLossEvaluator(2);
        long change = evaluator.Evaluate(Small, after, batch, CancellationToken.None).Sum()
            - evaluator.Evaluate(Small, before, batch, CancellationToken.None).Sum();
        double expected = new FloatForward(Small, after).Losses(batch).Sum() - new FloatForward(Small, before).Losses(batch).Sum();
        double error = ((change / (double)(1 << LossFormat.FractionBits)) - expected) / batch.TargetCount;
        Assert.True(Math.Abs(expected) / batch.TargetCount > 1e-5, "the change is too small to test anything");
        Assert.True(Math.Abs(error) < 3e-6, $"{error:E2} nats per token, the change being {expected / batch.TargetCount:E2}");
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var samples = new SampleModels(1);
        int[] weights = samples.Weights(Small);
        TokenBatch batch = samples.Batch(Small, sequences: 13, length: 21);
        long[] one = new IntegerLossEvaluator(1).Evaluate(Small, weights, batch, CancellationToken.None);
        foreach (int threads in (int[])[2, 3, 8, 40])
        {
            Assert.Equal(one, new IntegerLossEvaluator(threads).Evaluate(Small, weights, batch, CancellationToken.None));
        }
    }

    [Fact]
    public void A_sequence_has_the_same_loss_in_any_batch()
    {
        var samples = new SampleModels(2);
        int[] weights = samples.Weights(Small);
        TokenBatch batch = samples.Batch(Small, sequences: 6, length: 33);
        var evaluator = new IntegerLossEvaluator(2);
        long[] together = evaluator.Evaluate(Small, weights, batch, CancellationToken.None);
        for (int i = 0; i < batch.Sequences; i++)
        {
            var alone = new TokenBatch(1, batch.Length, batch.Sequence(i).ToArray());
            Assert.Equal(together[i], Assert.Single(evaluator.Evaluate(Small, weights, alone, CancellationToken.None)));
        }
    }

    [Fact]
    public void An_evaluator_keeps_nothing_of_an_earlier_candidate()
    {
        var samples = new SampleModels(3);
        int[] first = samples.Weights(Small);
        int[] second = samples.Weights(Small);
        TokenBatch batch = samples.Batch(Small, sequences: 2, length: 20);
        var evaluator = new IntegerLossEvaluator(1);
        long[] before = evaluator.Evaluate(Small, first, batch, CancellationToken.None);
        long[] other = evaluator.Evaluate(Small, second, batch, CancellationToken.None);
        Assert.NotEqual(before, other);
        Assert.Equal(before, evaluator.Evaluate(Small, first, batch, CancellationToken.None));
    }

    [Fact]
    public void Cancellation_stops_an_evaluation()
    {
        var samples = new SampleModels(4);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new IntegerLossEvaluator(1).Evaluate(Small, samples.Weights(Small), samples.Batch(Small, 2, 5), cancelled.Token));
    }

    [Fact]
    public void Wrong_sizes_are_refused_before_any_work()
    {
        var samples = new SampleModels(5);
        int[] weights = samples.Weights(Small);
        var evaluator = new IntegerLossEvaluator(1);
        Assert.Contains("weights", Refused(Small, weights[1..], samples.Batch(Small, 1, 5)), StringComparison.Ordinal);
        Assert.Contains("context", Refused(Small, weights, samples.Batch(Small, 1, 41)), StringComparison.Ordinal);
        var beyond = new TokenBatch(1, 1, [0, 67]);
        Assert.Contains("Token 67", Refused(Small, weights, beyond), StringComparison.Ordinal);
        string Refused(ModelShape shape, int[] given, TokenBatch batch) =>
            Assert.ThrowsAny<ArgumentException>(() => evaluator.Evaluate(shape, given, batch, CancellationToken.None)).Message;
    }

    [Theory]
    [InlineData(65_537, 32, 1, 1, 32, 8, "shape-vocabulary-out-of-range")]
    [InlineData(32, 8_224, 1, 1, 32, 8, "shape-width-out-of-range")]
    [InlineData(32, 32, 0, 1, 32, 8, "shape-layers-out-of-range")]
    [InlineData(32, 32, 1, 3, 32, 8, "shape-heads-do-not-divide-width")]
    [InlineData(32, 32, 1, 0, 32, 8, "shape-heads-out-of-range")]
    [InlineData(32, 32, 1, 1, 32_769, 8, "shape-feed-forward-out-of-range")]
    [InlineData(32, 32, 1, 1, 32, 8_193, "shape-context-out-of-range")]
    [InlineData(65_536, 8_192, 256, 64, 32_768, 8, "shape-too-many-weights")]
    public void Shapes_beyond_the_proven_bounds_are_refused(int vocabulary, int width, int layers, int heads, int feedForward, int context, string token)
    {
        var shape = new ModelShape(vocabulary, width, layers, heads, feedForward, context, TiedHead: true);
        Assert.StartsWith(token + ":", ShapeLimits.Refuse(shape), StringComparison.Ordinal);
    }
}
