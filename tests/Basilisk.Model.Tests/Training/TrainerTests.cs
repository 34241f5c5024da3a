using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Tests.Transformer;
using Basilisk.Model.Training;
using Xunit;

namespace Basilisk.Model.Tests.Training;

public sealed class TrainerTests
{
    private static readonly ModelShape Shape = new(31, 16, 2, 2, 24, 12, TiedHead: true);

    [Fact]
    public void Steps_follow_a_plain_AdamW_with_clipping_and_schedule()
    {
        var options = new TrainerOptions { PeakLearningRate = 0.01, WarmupSteps = 3, DecaySteps = 9, ClipNorm = 0.5, WeightDecay = 0.1 };
        using var trainer = new Trainer(Shape, options, threads: 2);
        trainer.LoadWeights(SmallModels.Weights(Shape, seed: 41));
        double[] w = SmallModels.ToDouble(trainer.Snapshot());
        var m = new double[w.Length];
        var v = new double[w.Length];
        bool[] decays = Decays();
        for (int step = 1; step <= 12; step++)
        {
            TokenBatch batch = SmallModels.Batch(Shape, 5, 12, seed: step);
            var gradient = new float[w.Length];
            trainer.LossAndGradient(batch, gradient);
            double norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
            double rate = step <= 3 ? 0.01 * step / 3 : 0.01 * (0.1 + (0.9 * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (step - 3) / 6.0)))));
            double clip = Math.Min(1, 0.5 / norm);
            for (int i = 0; i < w.Length; i++)
            {
                double g = gradient[i] * clip;
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.95 * v[i]) + (0.05 * g * g);
                w[i] *= decays[i] ? 1 - (rate * 0.1) : 1;
                w[i] -= rate * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-8);
            }

            StepResult result = trainer.Step(batch);
            Assert.Equal(step, result.Step);
            Assert.Equal(rate, result.LearningRate, 1e-12);
            Assert.Equal(norm, result.GradientNorm, 1e-4);
            Assert.Equal(60, result.Tokens);
            for (int i = 0; i < w.Length; i++)
            {
                Assert.Equal(w[i], trainer.Weights[i], 5e-5);
                w[i] = trainer.Weights[i];
            }
        }
    }

    [Fact]
    public async Task A_restored_trainer_goes_on_with_the_same_bits()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var first = new Trainer(Shape, new TrainerOptions(), threads: 1);
        first.LoadWeights(SmallModels.Weights(Shape, seed: 42));
        Train(first, 1, 5);
        using var stream = new MemoryStream();
        await TrainerState.SaveAsync(first, stream, cancellation);
        Train(first, 6, 10);

        stream.Position = 0;
        using var second = new Trainer(Shape, new TrainerOptions(), threads: 1);
        await TrainerState.RestoreAsync(second, stream, cancellation);
        Assert.Equal(5, second.Steps);
        Train(second, 6, 10);
        Assert.Equal(first.Snapshot(), second.Snapshot());
    }

    [Fact]
    public async Task A_damaged_state_is_refused_and_changes_nothing()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var trainer = new Trainer(Shape, new TrainerOptions(), threads: 1);
        trainer.LoadWeights(SmallModels.Weights(Shape, seed: 43));
        using var stream = new MemoryStream();
        await TrainerState.SaveAsync(trainer, stream, cancellation);
        byte[] saved = stream.ToArray();
        using var other = new Trainer(Shape, new TrainerOptions(), threads: 1);

        byte[] flipped = [.. saved];
        flipped[5000] ^= 1;
        await RefusedAsync(flipped, "its hash does not match");
        await RefusedAsync(saved[..^40], "cut short");
        await RefusedAsync([0, .. saved[1..]], "does not begin with BSKT");
        using var larger = new Trainer(Shape with { Layers = 3 }, new TrainerOptions(), threads: 1);
        SavedStateException size = await Assert.ThrowsAsync<SavedStateException>(() => TrainerState.RestoreAsync(larger, new MemoryStream(saved), cancellation));
        Assert.Contains($"a model with {trainer.Layout.Count} weights", size.Message, StringComparison.Ordinal);
        Assert.All(other.Snapshot(), weight => Assert.Equal(0f, weight));

        async Task RefusedAsync(byte[] bytes, string reason)
        {
            SavedStateException refusal = await Assert.ThrowsAsync<SavedStateException>(() => TrainerState.RestoreAsync(other, new MemoryStream(bytes), cancellation));
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rebasing_keeps_the_progress_made_since_the_commit()
    {
        using var trainer = new Trainer(Shape, new TrainerOptions(), threads: 1);
        trainer.LoadWeights(SmallModels.Weights(Shape, seed: 44));
        Train(trainer, 1, 3);
        float[] committed = trainer.Snapshot();
        Train(trainer, 4, 6);
        float[] local = trainer.Snapshot();
        float[] consensus = SmallModels.Weights(Shape, seed: 45);
        trainer.Rebase(consensus, committed);
        var delta = new float[local.Length];
        trainer.DeltaFrom(consensus, delta);
        for (int i = 0; i < local.Length; i++)
        {
            Assert.Equal(local[i] - committed[i], delta[i], 1e-6f);
        }

        Assert.Equal(6, trainer.Steps);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_leaves_the_weights_alone()
    {
        using var trainer = new Trainer(Shape, new TrainerOptions(), threads: 1);
        float[] weights = SmallModels.Weights(Shape, seed: 46);
        weights[3] = float.NaN;
        trainer.LoadWeights(weights);
        StepResult result = trainer.Step(SmallModels.Batch(Shape, 2, 12, seed: 1));
        Assert.False(result.Applied);
        Assert.Equal(weights, trainer.Snapshot());
        trainer.LoadWeights(SmallModels.Weights(Shape, seed: 46));
        Assert.True(trainer.Step(SmallModels.Batch(Shape, 2, 12, seed: 1)).Applied);
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new Trainer(Shape, new TrainerOptions { Beta2 = 1, ShardTokens = 0 }, threads: 1));
        Assert.Contains("Beta2 is 1; it must be from 0 to below 1.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ShardTokens is 0; it must be from 1 to 65,536.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Master_weights_convert_back_to_the_same_integers_below_one_and_saturate_at_the_ends()
    {
        int[] master = [0, 1, -1, 12_345_678, -16_777_215, 16_777_216];
        Assert.Equal(master, MasterWeightConversion.ToMaster(MasterWeightConversion.ToFloat(master)));
        Assert.Equal([int.MaxValue, int.MinValue, 0], MasterWeightConversion.ToMaster([1000f, -1000f, float.NaN]));
    }

    private static void Train(Trainer trainer, int from, int to)
    {
        for (int seed = from; seed <= to; seed++)
        {
            trainer.Step(SmallModels.Batch(Shape, 3, 12, seed));
        }
    }

    private static bool[] Decays()
    {
        var layout = new ParameterLayout(Shape);
        var decays = new bool[layout.Count];
        foreach (TensorSlot slot in layout.Tensors.Where(slot => !slot.IsGain && slot.Offset != layout.Embedding.Offset))
        {
            Array.Fill(decays, true, slot.Offset, slot.Length);
        }

        return decays;
    }
}
