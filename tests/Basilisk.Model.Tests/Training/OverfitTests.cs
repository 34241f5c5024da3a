using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Tests.Transformer;
using Basilisk.Model.Training;
using Xunit;

namespace Basilisk.Model.Tests.Training;

public sealed class OverfitTests
{
    [Fact]
    public void A_small_model_learns_one_batch_by_heart()
    {
        var shape = ModelShape.FromDepth(2, 64, 32);
        using var trainer = new Trainer(shape, new TrainerOptions { WarmupSteps = 10, WeightDecay = 0 }, threads: 2);
        trainer.LoadWeights(SmallModels.Weights(shape, seed: 21, spread: 0.1));
        TokenBatch batch = SmallModels.Batch(shape, sequences: 4, length: 32, seed: 22);
        StepResult result = trainer.Step(batch);
        Assert.InRange(result.Loss, 3.5, 5.5);
        for (int i = 0; i < 250; i++)
        {
            result = trainer.Step(batch);
        }

        Assert.True(result.Loss < 0.02, $"loss {result.Loss} after {result.Step} steps");
    }
}
