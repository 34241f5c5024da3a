using Basilisk.Exact.Batches;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Training;
using Basilisk.Node.Genesis;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Training;
using Xunit;

namespace Basilisk.Node.Tests.Training;

public sealed class LocalModelTests
{
    private static readonly Network Network = TestNetwork.Instance;
    private static readonly BatchSampler Sampler = new(Network.Artefacts.Corpus, Network.Parameters.Model.Shape.Context);

    private static Checkpoint Genesis => Network.Artefacts.Checkpoint;

    [Fact]
    public void Progress_that_was_not_sent_moves_over_to_the_next_checkpoint()
    {
        using LocalModel model = New();
        Steps(model, 10);
        float[] before = [.. model.Trainer.Weights.ToArray().Zip(Floats(Genesis), (now, then) => now - then)];
        int[] weights = Genesis.Weights.ToArray();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += (i % 7) << 12;
        }

        var next = new Checkpoint(Genesis.Shape, weights);
        model.Rebase(next);
        float[] after = [.. model.Trainer.Weights.ToArray().Zip(Floats(next), (now, then) => now - then)];
        Assert.Contains(before, value => Math.Abs(value) > 1e-3);
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Progress_that_was_sent_does_not_and_of_the_rest_training_starts_half_ahead()
    {
        using LocalModel model = New();
        Steps(model, 10);
        double[] ahead = [.. model.Trainer.Weights.ToArray().Zip(Floats(Genesis), (now, then) => (double)now - then)];
        SparseDelta sent = model.TakeProgress();
        Assert.NotEqual(0, sent.Count);
        for (int i = 0; i < sent.Count; i++)
        {
            ahead[sent.Indices[i]] -= (double)sent.Values[i] / MasterWeights.One;
        }

        Assert.Contains(ahead, value => Math.Abs(value) > 1e-3);
        model.Rebase(Genesis);
        float[] genesis = Floats(Genesis);
        float[] weights = model.Trainer.Weights.ToArray();
        Assert.All(Enumerable.Range(0, weights.Length), i => Assert.Equal(genesis[i] + (0.5 * 0.95 * ahead[i]), weights[i], 1e-6));
    }

    [Fact]
    public void Moving_again_does_not_add_the_lead_twice()
    {
        using LocalModel model = New();
        Steps(model, 10);
        model.TakeProgress();
        model.Rebase(Genesis);
        float[] once = model.Trainer.Weights.ToArray();
        model.Rebase(Genesis);
        Assert.All(once.Zip(model.Trainer.Weights.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public async Task What_was_saved_is_restored_with_the_unsent_rest()
    {
        using var folder = new TemporaryFolder();
        using LocalModel model = New();
        Steps(model, 10);
        model.TakeProgress();
        await model.SaveAsync(folder.Path, CancellationToken.None);
        using LocalModel again = New();
        Assert.True(await again.RestoreAsync(folder.Path, CancellationToken.None));
        SparseDelta rest = model.TakeProgress();
        Assert.NotEqual(0, rest.Count);
        Assert.Equal(
            PayloadCodec.Encode(rest, Network.Parameters.Payload),
            PayloadCodec.Encode(again.TakeProgress(), Network.Parameters.Payload));
    }

    [Theory]
    [InlineData("trainer.state")]
    [InlineData("residual.state")]
    public async Task A_damaged_state_is_not_restored_and_training_goes_on(string file)
    {
        using var folder = new TemporaryFolder();
        using LocalModel model = New();
        Steps(model, 3);
        await model.SaveAsync(folder.Path, CancellationToken.None);
        string path = folder.Sub(file);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)]);
        using LocalModel again = New();
        Assert.False(await again.RestoreAsync(folder.Path, CancellationToken.None));
        Assert.Equal(Floats(Genesis), again.Trainer.Weights.ToArray());
        Steps(again, 2);
    }

    private static LocalModel New() => new(Genesis, Network.Parameters.Payload, new TrainerOptions { WarmupSteps = 2 }, 1);

    private static void Steps(LocalModel model, int count)
    {
        for (int i = 0; i < count; i++)
        {
            model.Step(Sampler.DrawTraining(Genesis.Root, i, 8));
        }
    }

    private static float[] Floats(Checkpoint checkpoint)
    {
        var floats = new float[checkpoint.Weights.Length];
        MasterWeightConversion.ToFloat(checkpoint.Weights.Span, floats);
        return floats;
    }
}
