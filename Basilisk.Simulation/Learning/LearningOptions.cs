using Basilisk.Model.Compression;
using Basilisk.Model.Training;

namespace Basilisk.Simulation.Learning;

/// <summary>What all runs of a study have in common.</summary>
public sealed record LearningOptions
{
    /// <summary>Rounds of the network; each moves the model at most once.</summary>
    public int Rounds { get; init; } = 30;

    /// <summary>Optimiser steps of all participants together, which share them equally.</summary>
    public int Steps { get; init; } = 2_880;

    /// <summary>Windows of T tokens per step of one participant.</summary>
    public int BatchSequences { get; init; } = 4;

    /// <summary>Learning rate after warm-up.</summary>
    public double PeakLearningRate { get; init; } = 4e-3;

    /// <summary>Steps over which it rises, as a share of all that a trainer takes.</summary>
    public double WarmupShare { get; init; } = 0.03;

    /// <summary>Share of their unsent rest that participants start ahead of the checkpoint with; a node's by default.</summary>
    public double Lead { get; init; } = DeltaCompressor.DefaultLead;

    /// <summary>Holdout windows the models are compared on at the end.</summary>
    public int ComparedWindows { get; init; } = 256;

    /// <summary>The schedule of a trainer that takes so many steps: down to a tenth of the peak at the last.</summary>
    internal TrainerOptions TrainerFor(int steps) => new()
    {
        PeakLearningRate = PeakLearningRate,
        WarmupSteps = Math.Max(1, (int)(steps * WarmupShare)),
        DecaySteps = Math.Max(2, steps),
    };

    /// <summary>Steps of one participant in one round.</summary>
    /// <exception cref="ArgumentException">They would be fewer than one.</exception>
    internal int StepsPerRound(int participants)
    {
        int steps = Steps / (Rounds * participants);
        return steps >= 1
            ? steps
            : throw new ArgumentException($"{Steps} steps are too few for {participants} participants over {Rounds} rounds.", nameof(participants));
    }
}
