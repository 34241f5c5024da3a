using Basilisk.Simulation.Chains;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Incentives;

/// <summary>Everything that a run of the study found.</summary>
public sealed record IncentiveFigures(IReadOnlyList<StepsPoint> Steps, IReadOnlyList<SplitPoint> Splits, IReadOnlyList<SelfishPoint> Selfish);

/// <summary>Sizes of the study. The defaults are what docs/incentives.md was made with.</summary>
public sealed record IncentiveOptions
{
    /// <summary>Runs of what is trained and mined for real.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Games of miners' splits.</summary>
    public int Games { get; init; } = 8;

    /// <summary>Rounds counted in a game.</summary>
    public int GameRounds { get; init; } = 200;

    /// <summary>Rounds of a run that measures steps per unit.</summary>
    public int StepsRounds { get; init; } = 10;

    /// <summary>Rounds of a run on the virtual network.</summary>
    public int ChainRounds { get; init; } = ChainAttackStudy.DefaultRounds;
}

/// <summary>
/// How a miner's machine is best split and what kappa makes of it: first what steps per unit earn, from real training; then best responses
/// under credit in proportion to training and under the measured curve; then what hiding blocks adds.
/// </summary>
public sealed class IncentiveStudy(IncentiveOptions options)
{
    /// <summary>Measures; the same options give the same figures.</summary>
    /// <param name="found">Told each point as soon as it is known.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public IncentiveFigures Run(Action<object> found, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(found);
        IReadOnlyList<StepsPoint> steps = new StepsStudy(SmallNetwork.Create(StepsStudy.World, cancellation), options.StepsRounds).Measure(options.Seeds, progress, cancellation);
        Tell(found, steps);
        StepsCurve measured = StepsCurve.Through([.. steps.Select(point => (point.Steps, point.Credit))]);
        var splits = new List<SplitPoint>();
        foreach (StepsCurve curve in new[] { StepsCurve.Linear, measured })
        {
            foreach (Kappa kappa in Kappa.Compared)
            {
                progress?.Report($"best responses, {curve.Name} credit, kappa {kappa.Value}: {options.Games} games");
                IReadOnlyList<SplitPoint> points = SplitStudy.Measure(kappa, curve, options.GameRounds, options.Games, cancellation);
                Tell(found, points);
                splits.AddRange(points);
            }
        }

        var selfish = new List<SelfishPoint>();
        foreach (SelfishPoint point in new SelfishStudy(SmallNetwork.Create(ChainSettings.World, cancellation), options.ChainRounds).Measure(options.Seeds, progress, cancellation))
        {
            found(point);
            selfish.Add(point);
        }

        return new IncentiveFigures(steps, splits, selfish);
    }

    private static void Tell<T>(Action<object> found, IReadOnlyList<T> points)
        where T : notnull
    {
        foreach (T point in points)
        {
            found(point);
        }
    }
}
