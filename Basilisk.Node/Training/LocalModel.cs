using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Model.Compression;
using Basilisk.Model.Training;

namespace Basilisk.Node.Training;

/// <summary>
/// The node's own copy of the model while it trains: C_r plus what was learnt since. What a contribution sends is the progress
/// since the one before; when C_{r+1} arrives, progress that nobody has been sent yet moves over to it.
/// </summary>
public sealed class LocalModel : IDisposable
{
    private const string TrainerFile = "trainer.state";
    private const string ResidualFile = "residual.state";

    private readonly float[] _anchor;
    private readonly float[] _scratch;
    private readonly DeltaCompressor _compressor;

    public LocalModel(Checkpoint start, PayloadLimits limits, TrainerOptions options, int threads)
    {
        ArgumentNullException.ThrowIfNull(start);
        Trainer = new Trainer(start.Shape, options, threads);
        Trainer.LoadWeights(start.Weights.Span);
        _anchor = Trainer.Snapshot();
        _scratch = new float[_anchor.Length];
        _compressor = new DeltaCompressor(_anchor.Length, limits);
    }

    public Trainer Trainer { get; }

    public StepResult Step(TokenBatch batch) => Trainer.Step(batch);

    /// <summary>Progress since the last call, as far as a payload carries it; the rest is kept for the next.</summary>
    public SparseDelta TakeProgress()
    {
        Trainer.DeltaFrom(_anchor, _scratch);
        SparseDelta delta = _compressor.Compress(_scratch);
        Trainer.Weights.CopyTo(_anchor);
        return delta;
    }

    public void GiveBack(SparseDelta unsent) => _compressor.GiveBack(unsent);

    /// <summary>Moves to another checkpoint, with the progress since the last payload, and ahead of it by half of what payloads left out.</summary>
    public void Rebase(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        MasterWeightConversion.ToFloat(checkpoint.Weights.Span, _scratch);
        _compressor.AddLead(_scratch);
        Trainer.Rebase(_scratch, _anchor);
        _scratch.CopyTo(_anchor, 0);
    }

    /// <summary>Saves optimiser and unsent rest, each file at once or not at all.</summary>
    public async Task SaveAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await WriteAsync(Path.Combine(folder, TrainerFile), stream => TrainerState.SaveAsync(Trainer, stream, cancellation));
        await WriteAsync(Path.Combine(folder, ResidualFile), stream => _compressor.SaveAsync(stream, cancellation));
    }

    /// <summary>
    /// Restores the optimiser's moments and the unsent rest; the weights start from the checkpoint in force. False where there is
    /// nothing sound to restore: training then goes on with fresh moments.
    /// </summary>
    public async Task<bool> RestoreAsync(string folder, CancellationToken cancellation)
    {
        string trainer = Path.Combine(folder, TrainerFile);
        string residual = Path.Combine(folder, ResidualFile);
        if (!File.Exists(trainer) || !File.Exists(residual))
        {
            return false;
        }

        try
        {
            await using (FileStream stream = File.OpenRead(trainer))
            {
                await TrainerState.RestoreAsync(Trainer, stream, cancellation);
            }

            await using (FileStream stream = File.OpenRead(residual))
            {
                await _compressor.RestoreAsync(stream, cancellation);
            }
        }
        catch (SavedStateException)
        {
            return false;
        }
        finally
        {
            Trainer.LoadWeights(_anchor);
        }

        return true;
    }

    public void Dispose() => Trainer.Dispose();

    private static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        string partial = path + ".partial";
        await using (FileStream stream = File.Create(partial))
        {
            await write(stream);
        }

        File.Move(partial, path, overwrite: true);
    }
}
