using Basilisk.Compute.Devices;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Model.Training;

/// <summary>
/// What a node needs of a trainer, whatever runs it. Training is not consensus: two trainers may differ in every bit,
/// only what they send is judged.
/// </summary>
public interface ITrainer : IDisposable
{
    ModelShape Shape { get; }

    /// <summary>What the trainer runs on.</summary>
    IDevice Device { get; }

    /// <summary>The weights as they are now, [P] in layout order; a step changes them.</summary>
    ReadOnlySpan<float> Weights { get; }

    /// <summary>Optimiser steps done.</summary>
    long Steps { get; }

    /// <summary>Takes a checkpoint's weights, Q8.24; the optimiser's memory stays.</summary>
    void LoadWeights(ReadOnlySpan<int> masterQ24);

    /// <summary>Takes weights in layout order; the optimiser's memory stays.</summary>
    void LoadWeights(ReadOnlySpan<float> weights);

    /// <summary>A copy of the weights.</summary>
    float[] Snapshot();

    /// <summary>weights ← newBase + (weights − from): carries progress made since <paramref name="from"/> over to a new base. The optimiser's memory stays.</summary>
    void Rebase(ReadOnlySpan<float> newBase, ReadOnlySpan<float> from);

    /// <summary>weights ← weights + scale · delta.</summary>
    void AddToWeights(ReadOnlySpan<float> delta, float scale);

    /// <summary>delta ← weights − basis.</summary>
    void DeltaFrom(ReadOnlySpan<float> basis, Span<float> delta);

    /// <summary>Forgets the optimiser's means and its step count.</summary>
    void ResetOptimiser();

    /// <summary>One optimiser step on the batch's mean loss.</summary>
    /// <exception cref="ArgumentException">The batch is empty, longer than the context, or holds a token that is not in the vocabulary.</exception>
    StepResult Step(TokenBatch batch);
}
