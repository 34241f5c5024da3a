namespace Basilisk.Simulation.Incentives;

/// <summary>
/// Best responses, iterated: all miners begin with half and half; in each step each in turn looks a little to both sides and moves to where
/// he is paid most, if that is worth moving for.
/// </summary>
public static class BestResponses
{
    /// <summary>A step multiplies or divides the odds, training to hashing: from a half to .56 or .44, from .1 to .12 or .08.</summary>
    private const double OddsStep = 1.25;

    /// <summary>Nobody gives up either wholly.</summary>
    private const double Least = 0.01;

    /// <summary>A smaller gain moves nobody: so much two equal splits differ by luck.</summary>
    private const double WorthMoving = 1.0005;

    /// <summary>The splits after 0, 1, … steps.</summary>
    /// <param name="game">The game.</param>
    /// <param name="steps">Steps to take.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static IReadOnlyList<double[]> Follow(SplitGame game, int steps, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(game);
        var splits = new double[game.Miners];
        Array.Fill(splits, 0.5);
        var path = new List<double[]> { (double[])splits.Clone() };
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int miner = 0; miner < splits.Length; miner++)
            {
                splits[miner] = Better(game, splits, miner);
            }

            path.Add((double[])splits.Clone());
        }

        return path;
    }

    private static double Better(SplitGame game, double[] splits, int miner)
    {
        double now = splits[miner];
        double best = now;
        double most = game.Play(splits).Released[miner] * WorthMoving;
        foreach (double other in new[] { WithOdds(now, 1 / OddsStep), WithOdds(now, OddsStep) })
        {
            splits[miner] = other;
            double pay = game.Play(splits).Released[miner];
            if (pay > most)
            {
                (best, most) = (other, pay);
            }
        }

        splits[miner] = now;
        return best;
    }

    private static double WithOdds(double split, double factor)
    {
        double odds = factor * split / (1 - split);
        return Math.Clamp(odds / (1 + odds), Least, 1 - Least);
    }
}
