namespace Basilisk.Model.Training;

/// <summary>Saves and restores weights, AdamW's means and its step count, so that a restarted node goes on exactly where it was.</summary>
public static class TrainerState
{
    private const string Letters = "BSKT";

    /// <summary>Writes the state: 12 bytes per weight.</summary>
    public static Task SaveAsync(Trainer trainer, Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return FloatState.SaveAsync(stream, Letters, trainer.Steps, [.. Arrays(trainer).Select(array => (ReadOnlyMemory<float>)array)], cancellation);
    }

    /// <summary>Restores a state; the trainer changes only once everything has been read and its hash is right.</summary>
    /// <exception cref="SavedStateException">Not such a file, another version, another model's size, cut short, or corrupt.</exception>
    public static async Task RestoreAsync(Trainer trainer, Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        trainer.Optimiser.Steps = await FloatState.RestoreAsync(stream, Letters, Arrays(trainer), cancellation);
    }

    private static Memory<float>[] Arrays(Trainer trainer) =>
        [trainer.MutableWeights, trainer.Optimiser.Means.Memory, trainer.Optimiser.Squares.Memory];
}
