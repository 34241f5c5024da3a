using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Model.Compression;
using Basilisk.Model.Training;

namespace Basilisk.Simulation.World;

/// <summary>
/// Someone who trains: starts every unit from the checkpoint in force (or ahead of it by part of his unsent rest, as a node does), keeps the optimiser's moments over rounds as a node does, and
/// sends what a payload carries, the rest as error feedback. One thread, so equal inputs give equal bits.
/// </summary>
public sealed class Participant : IDisposable
{
    private const double ClimbShare = 0.25;

    private readonly SmallNetwork _network;
    private readonly Trainer _trainer;
    private readonly DeltaCompressor _compressor;
    private readonly int _batchSequences;
    private readonly double _lead;

    /// <param name="network">Model and payload format.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="batchSequences">Windows of T tokens per step.</param>
    /// <param name="lead">Share of what payloads left out that training starts ahead of the checkpoint with; 0 in the studies of attacks, whose payloads are not all their own.</param>
    public Participant(SmallNetwork network, TrainerOptions options, int batchSequences, double lead = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSequences);
        _network = network;
        _batchSequences = batchSequences;
        _lead = lead;
        _trainer = new Trainer(network.Shape, options, threads: 1);
        _compressor = new DeltaCompressor(network.Shape.ParameterCount, network.Payload);
    }

    /// <summary>Trains a unit on its own data and makes its payload.</summary>
    /// <param name="from">C_r.</param>
    /// <param name="unit">Seed of the unit's windows.</param>
    /// <param name="steps">Optimiser steps.</param>
    /// <param name="alter">Changes a batch before a step, for those who teach something else; null to leave it.</param>
    /// <returns>As the judge decodes it; without entries where there was nothing to say.</returns>
    public SparseDelta Contribute(Checkpoint from, Hash256 unit, int steps, Func<TokenBatch, TokenBatch>? alter = null) =>
        Send(Learn(from, unit, steps, alter));

    /// <summary>Trains a unit; the change of the weights, [P].</summary>
    public float[] Learn(Checkpoint from, Hash256 unit, int steps, Func<TokenBatch, TokenBatch>? alter = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        var start = new float[from.Weights.Length];
        MasterWeightConversion.ToFloat(from.Weights.Span, start);
        _compressor.AddLead(start, _lead);
        _trainer.LoadWeights(start);
        for (int step = 0; step < steps; step++)
        {
            TokenBatch batch = _network.Sampler.DrawTraining(unit, step, _batchSequences);
            _trainer.Step(alter is null ? batch : alter(batch));
        }

        var progress = new float[start.Length];
        _trainer.DeltaFrom(start, progress);
        return progress;
    }

    /// <summary>
    /// Trains a unit and, after each step, climbs the loss of other windows by a step of <see cref="ClimbShare"/> of the descent's length:
    /// what somebody does who wants the model to forget.
    /// </summary>
    /// <param name="from">C_r.</param>
    /// <param name="unit">Seed of the unit's windows.</param>
    /// <param name="steps">Optimiser steps.</param>
    /// <param name="against">The windows to unlearn after a step.</param>
    public float[] LearnAgainst(Checkpoint from, Hash256 unit, int steps, Func<int, TokenBatch> against)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(against);
        _trainer.LoadWeights(from.Weights.Span);
        float[] start = _trainer.Snapshot();
        var gradient = new float[start.Length];
        var moved = new float[start.Length];
        for (int step = 0; step < steps; step++)
        {
            float[] before = _trainer.Snapshot();
            _trainer.Step(_network.Sampler.DrawTraining(unit, step, _batchSequences));
            _trainer.DeltaFrom(before, moved);
            _trainer.LossAndGradient(against(step), gradient);
            double length = Length(gradient);
            _trainer.AddToWeights(gradient, length > 0 ? (float)(ClimbShare * Length(moved) / length) : 0);
        }

        var progress = new float[start.Length];
        _trainer.DeltaFrom(start, progress);
        return progress;
    }

    /// <summary>Compresses progress together with what earlier payloads left out, and keeps what this one leaves out.</summary>
    public SparseDelta Send(ReadOnlySpan<float> progress)
    {
        SparseDelta delta = _compressor.Compress(progress);
        return delta.Count == 0 ? delta : _network.ThroughPayload(delta);
    }

    public void Dispose() => _trainer.Dispose();

    private static double Length(float[] vector)
    {
        double sum = 0;
        foreach (float value in vector)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }
}
