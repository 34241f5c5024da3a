namespace Basilisk.Model.Training;

/// <summary>Linear warm-up, then a cosine from the peak to the floor, then the floor.</summary>
public static class LearningRateSchedule
{
    /// <param name="options">Peak, warm-up, decay and floor.</param>
    /// <param name="step">The step about to be taken, from 1.</param>
    public static double At(TrainerOptions options, long step)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (step <= options.WarmupSteps)
        {
            return options.PeakLearningRate * step / options.WarmupSteps;
        }

        double progress = Math.Min(1, (double)(step - options.WarmupSteps) / (options.DecaySteps - options.WarmupSteps));
        double cosine = 0.5 * (1 + Math.Cos(Math.PI * progress));
        return options.PeakLearningRate * (options.FinalShare + ((1 - options.FinalShare) * cosine));
    }
}
