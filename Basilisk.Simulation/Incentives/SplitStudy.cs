namespace Basilisk.Simulation.Incentives;

/// <summary>Where best responses lead for each kappa: miners of unequal size, noisy gains, the chain's own pass rule.</summary>
public static class SplitStudy
{
    /// <summary>Shares of all machines: from a thirtieth to a quarter.</summary>
    public static IReadOnlyList<double> Sizes { get; } = [.. new[] { 1, 1, 2, 3, 4, 5, 6.5, 7.5 }.Select(size => size / 30)];

    /// <summary>Steps after which the splits are read.</summary>
    public static IReadOnlyList<int> ReadAt { get; } = [10, 20, 40];

    /// <summary>Plays one kappa.</summary>
    /// <param name="kappa">The parameter.</param>
    /// <param name="curve">What steps are worth.</param>
    /// <param name="rounds">Rounds of a game.</param>
    /// <param name="seeds">Independent games.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static IReadOnlyList<SplitPoint> Measure(Kappa kappa, StepsCurve curve, int rounds, int seeds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var games = Enumerable.Range(1, seeds).Select(seed => new SplitGame(Sizes, kappa, curve, rounds, seed)).ToArray();
        IReadOnlyList<double[]>[] paths = [.. games.Select(game => BestResponses.Follow(game, ReadAt[^1], cancellation))];
        var points = new List<SplitPoint>();
        foreach (int step in ReadAt)
        {
            double minted = games.Select((game, i) => game.Play(paths[i][step]).MintedShare).Average();
            Add(step, 1, minted, [.. games.Select((game, i) => game.TrainingShare(paths[i][step]))]);
            if (step == ReadAt[^1])
            {
                foreach (int miner in new[] { 0, 4, Sizes.Count - 1 })
                {
                    Add(step, Sizes[miner], minted, [.. paths.Select(path => path[step][miner])]);
                }
            }
        }

        return points;

        void Add(int step, double share, double minted, double[] training)
        {
            Estimate estimate = Estimate.Of(training);
            points.Add(new SplitPoint(curve.Name, kappa.Value, step, share, estimate.Mean, minted, estimate.Error, seeds));
        }
    }
}
