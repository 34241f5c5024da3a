using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Inference;
using Basilisk.Model.Training;
using Basilisk.Model.Transformer;
using Xunit;

namespace Basilisk.Model.Tests.Transformer;

public sealed class GradientTests
{
    public static TheoryData<string, ModelShape, int, int> Cases => new()
    {
        { "tied, odd sizes", new ModelShape(23, 12, 2, 2, 10, 7, TiedHead: true), 3, 7 },
        { "own head", new ModelShape(19, 8, 2, 1, 16, 5, TiedHead: false), 2, 5 },
        { "several bands and panels", new ModelShape(70, 64, 1, 2, 48, 110, TiedHead: true), 2, 101 },
        { "one token", new ModelShape(9, 4, 1, 2, 4, 3, TiedHead: true), 4, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_tensors_gradient_matches_central_differences_in_fp64(string name, ModelShape shape, int sequences, int length)
    {
        float[] weights = SmallModels.Weights(shape, seed: 1);
        TokenBatch batch = SmallModels.Batch(shape, sequences, length, seed: 2);
        using var trainer = new Trainer(shape, new TrainerOptions { ShardTokens = length }, threads: 2);
        trainer.LoadWeights(weights);
        var gradient = new float[weights.Length];
        double loss = trainer.LossAndGradient(batch, gradient);

        var reference = new ReferenceLoss(shape);
        double[] exact = SmallModels.ToDouble(weights);
        double MeanLoss() => reference.Evaluate(exact, batch).Sum() / batch.TargetCount;
        Assert.Equal(MeanLoss(), loss, 5e-6);

        var random = new Random(3);
        int samples = length > 50 ? 4 : 12;
        foreach (TensorSlot slot in new ParameterLayout(shape).Tensors)
        {
            for (int sample = 0; sample < samples; sample++)
            {
                int index = slot.Offset + random.Next(slot.Length);
                const double Step = 1e-4;
                double old = exact[index];
                exact[index] = old + Step;
                double above = MeanLoss();
                exact[index] = old - Step;
                double below = MeanLoss();
                exact[index] = old;
                double expected = (above - below) / (2 * Step);
                double error = Math.Abs(expected - gradient[index]);
                Assert.True(error <= 2e-6 + (2e-4 * Math.Abs(expected)), $"{name}: {slot.Name}[{index - slot.Offset}]: {gradient[index]} is not {expected}");
            }
        }
    }

    [Fact]
    public void Shards_and_threads_change_only_the_order_of_sums()
    {
        var shape = ModelShape.FromDepth(2, 96, 40);
        float[] weights = SmallModels.Weights(shape, seed: 5, spread: 0.1);
        TokenBatch batch = SmallModels.Batch(shape, sequences: 7, length: 33, seed: 6);
        var one = new float[weights.Length];
        var many = new float[weights.Length];
        using var single = new Trainer(shape, new TrainerOptions { ShardTokens = 1000 }, threads: 1);
        single.LoadWeights(weights);
        double first = single.LossAndGradient(batch, one);
        using var team = new Trainer(shape, new TrainerOptions { ShardTokens = 66 }, threads: 3);
        team.LoadWeights(weights);
        double second = team.LossAndGradient(batch, many);
        Assert.Equal(first, second, 1e-9);
        for (int i = 0; i < one.Length; i++)
        {
            Assert.Equal(one[i], many[i], 1e-6f);
        }
    }

    [Fact]
    public void Fast_losses_match_the_fp64_reference_per_sequence()
    {
        var shape = ModelShape.FromDepth(2, 300, 64);
        float[] weights = SmallModels.Weights(shape, seed: 7, spread: 0.15);
        TokenBatch batch = SmallModels.Batch(shape, sequences: 5, length: 60, seed: 8);
        double[] fast = FloatLoss.Evaluate(shape, weights, batch, threads: 2, TestContext.Current.CancellationToken);
        double[] exact = new ReferenceLoss(shape).Evaluate(SmallModels.ToDouble(weights), batch);
        for (int i = 0; i < exact.Length; i++)
        {
            Assert.Equal(exact[i] / batch.Length, fast[i] / batch.Length, 2e-6);
        }
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused()
    {
        var shape = new ModelShape(10, 8, 1, 1, 8, 4, TiedHead: true);
        using var trainer = new Trainer(shape, new TrainerOptions(), threads: 1);
        var batch = new TokenBatch(1, 2, [1, 2, 10]);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => trainer.Step(batch));
        Assert.Contains("Token 10 in sequence 0 is not in the vocabulary of 10", refusal.Message, StringComparison.Ordinal);
    }
}
