namespace Basilisk.Simulation;

/// <summary>One or more attacks measured against honest participants in the same runs.</summary>
public interface IAttackStudy
{
    /// <summary>Names of the attacks it measures, as <see cref="AttackResult.Attack"/> has them.</summary>
    IReadOnlyList<string> Attacks { get; }

    /// <summary>Measures. The same seeds give the same results, on any number of threads.</summary>
    /// <param name="attacks">Those of <see cref="Attacks"/> to measure.</param>
    /// <param name="seeds">Independent runs; the study numbers them from 1.</param>
    /// <param name="progress">Told what is being done, for the terminal.</param>
    /// <param name="cancellation">Stops between rounds.</param>
    IReadOnlyList<AttackResult> Run(IReadOnlyCollection<string> attacks, int seeds, IProgress<string>? progress, CancellationToken cancellation);
}
