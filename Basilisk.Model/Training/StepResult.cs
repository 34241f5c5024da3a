namespace Basilisk.Model.Training;

/// <summary>What one optimiser step did.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Loss">Mean over the batch's targets before the step, nats per token.</param>
/// <param name="GradientNorm">Global norm before clipping.</param>
/// <param name="Tokens">Targets in the batch.</param>
/// <param name="LearningRate">The rate used.</param>
/// <param name="Applied">False where loss or gradient was not finite: the weights then stayed as they were.</param>
public readonly record struct StepResult(long Step, double Loss, double GradientNorm, long Tokens, double LearningRate, bool Applied);
