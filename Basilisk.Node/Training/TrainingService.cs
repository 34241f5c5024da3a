using System.Diagnostics;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.State;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Model.Training;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Sync;
using Basilisk.Store;

namespace Basilisk.Node.Training;

/// <summary>
/// Trains without pause: on the data of the node's units, from the checkpoint in force, through reveal and judge phases too. The
/// train phase is cut into as many parts as contributions are wanted; at the end of each, the progress is committed for a unit.
/// While a round is judged the trainer makes room.
/// </summary>
public sealed class TrainingService(
    ChainstateService chainstate,
    ContributionBook book,
    CheckpointStore checkpoints,
    OutcomeService outcomes,
    TokenCorpus corpus,
    TrainingMeter meter,
    SyncGate sync,
    TrainingOptions options,
    TrainerOptions trainerOptions,
    string stateFolder,
    TimeProvider time,
    ILogger<TrainingService> log)
{
    private static readonly TimeSpan RoomForJudge = TimeSpan.FromMilliseconds(20);

    private readonly BatchSampler _sampler = new(corpus, chainstate.Parameters.Model.Shape.Context);
    private ChainView _view = chainstate.Current;
    private (Hash256 Seed, long Index) _data;
    private WorkUnit? _unit;

    private NetworkParameters Parameters => chainstate.Parameters;

    /// <summary>Trains until cancelled, then saves the optimiser.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var model = new LocalModel(checkpoints.Get(_view.State.ModelRoot), Parameters.Payload, trainerOptions, options.EffectiveThreads);
        await model.RestoreAsync(stateFolder, stopping);
        await book.LoadAsync(_view, stopping);
        log.TrainingStarted(options.EffectiveThreads, Parameters.Model.Shape.ParameterCount, options.BatchSequences, Parameters.Model.Shape.Context);
        meter.Start();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await GoOnAsync(model, stopping);
            }
        }
        finally
        {
            meter.Activity = "stopped";
            await SaveAsync(model, CancellationToken.None);
        }
    }

    private async Task GoOnAsync(LocalModel model, CancellationToken stopping)
    {
        if (!sync.IsCurrent)
        {
            meter.Activity = "waiting"; // What is learnt from an old checkpoint helps nobody, and catching up needs the machine.
            await sync.WhenCurrentAsync(stopping);
        }

        if (outcomes.IsJudging)
        {
            meter.Activity = "judging";
            await Task.Delay(RoomForJudge, time, stopping);
            return;
        }

        if (chainstate.Current != _view)
        {
            await FollowAsync(model, stopping);
        }

        meter.Activity = "training";
        long started = Stopwatch.GetTimestamp();
        StepResult step = model.Step(NextBatch());
        meter.Stepped(step.Tokens, step.Loss, Stopwatch.GetElapsedTime(started));
    }

    private async Task FollowAsync(LocalModel model, CancellationToken stopping)
    {
        ChainView before = _view;
        _view = chainstate.Current;
        try
        {
            if (_view.Round != before.Round || _view.State.ModelRoot != before.State.ModelRoot)
            {
                foreach (SparseDelta unsent in book.Close(_view))
                {
                    model.GiveBack(unsent);
                }

                model.Rebase(checkpoints.Get(_view.State.ModelRoot));
                _unit = null;
                await SaveAsync(model, stopping);
            }

            if (IsTimeToCommit() && (_unit ?? book.NextUnit(_view)) is { } unit)
            {
                meter.Activity = "compressing";
                await CommitAsync(model, unit, stopping);
                _unit = null;
            }

            book.SendMissing(_view);
        }
        catch (StoreException error)
        {
            log.TrainingFailed(error);
        }
    }

    private async Task CommitAsync(LocalModel model, WorkUnit unit, CancellationToken stopping)
    {
        SparseDelta delta = model.TakeProgress();
        if (delta.Count == 0)
        {
            return; // Nothing learnt since the last one that a payload could say.
        }

        // Compressing takes a moment, in which the train phase may have ended.
        ChainView now = chainstate.Current;
        if (now.Round != _view.Round || now.State.ModelRoot != _view.State.ModelRoot || now.Phase != RoundPhase.Train)
        {
            model.GiveBack(delta);
            return;
        }

        _view = now;
        try
        {
            await book.CommitAsync(_view, unit, delta, stopping);
        }
        catch (StoreException)
        {
            model.GiveBack(delta);
            throw;
        }
    }

    private async Task SaveAsync(LocalModel model, CancellationToken cancellation)
    {
        try
        {
            await model.SaveAsync(stateFolder, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.TrainingNotSaved(stateFolder, error.Message);
        }
    }

    /// <summary>
    /// The train phase ends two heights early for committing, so that the commitment has two blocks to get into; contribution j of
    /// n is due at (j + 1) / n of what is left.
    /// </summary>
    private bool IsTimeToCommit()
    {
        RoundSchedule rounds = Parameters.Rounds;
        int made = book.CountOf(_view.Round);
        if (_view.Phase != RoundPhase.Train || made >= options.UnitsPerRound)
        {
            return false;
        }

        long position = rounds.PositionOf(_view.State.Height + 1);
        long last = Math.Max(1, (long)rounds.Train - 2);
        return position >= Math.Max(1, last * (made + 1) / options.UnitsPerRound);
    }

    private TokenBatch NextBatch()
    {
        if (_unit is null)
        {
            _unit = book.NextUnit(_view);
            meter.Unit = _unit?.Id.ToString();
        }

        // Without a unit of one's own (before the first block) the tip's hash serves as the seed.
        Hash256 seed = _unit?.Id ?? _data.Seed;
        if (seed.IsZero)
        {
            seed = _view.Hash;
        }

        _data = _data.Seed == seed ? (seed, _data.Index + 1) : (seed, 0);
        return _sampler.DrawTraining(seed, _data.Index, options.BatchSequences);
    }
}
