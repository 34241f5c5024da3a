using Basilisk.Model.Training;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Learning;

/// <summary>AdamW on one machine, from the same first checkpoint and on the same corpus: what the network is measured against.</summary>
internal static class CentralRun
{
    /// <param name="network">Model and corpus.</param>
    /// <param name="options">Steps and schedule.</param>
    /// <param name="seed">The run.</param>
    /// <param name="batches">Participants' batches that make one of its steps: 1 takes every step, 8 an eighth of them on eight times the tokens.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>Weights, [P].</returns>
    public static float[] Train(SmallNetwork network, LearningOptions options, int seed, int batches, CancellationToken cancellation)
    {
        int steps = options.Steps / batches;
        using var trainer = new Trainer(network.Shape, options.TrainerFor(steps), threads: 1);
        trainer.LoadWeights(network.Genesis(seed).Weights.Span);
        Exact.Hashing.Hash256 data = RunSeed.Of(seed, "central");
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            trainer.Step(network.Sampler.DrawTraining(data, step, options.BatchSequences * batches));
        }

        return trainer.Snapshot();
    }
}
