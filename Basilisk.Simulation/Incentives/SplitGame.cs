using Basilisk.Chain.Parameters;
using Basilisk.Simulation.Chains;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Incentives;

/// <summary>What a set of splits between hashing and training paid.</summary>
/// <param name="Released">Rewards released per miner and round.</param>
/// <param name="MintedShare">Rewards released over blocks mined, all together.</param>
public sealed record SplitPay(IReadOnlyList<double> Released, double MintedShare);

/// <summary>
/// Miners of unequal size who split their machines between hashing and training, over many rounds of noisy gains. Who finds a block and
/// how good a unit turns out is drawn once per game, so that two splits meet the same luck.
/// </summary>
public sealed class SplitGame
{
    /// <summary>Rounds before pay is counted: rewards live that long.</summary>
    private const int WarmUp = 8;

    /// <summary>Spread of a participant's credit in a round, on logarithmic axis: what equal honest participants differ by.</summary>
    private const double CreditNoise = 0.15;

    /// <summary>Rounds that settle, of ten.</summary>
    private const double SettledShare = 0.9;

    /// <summary>A round's gain in the chain's units; only shares of it matter.</summary>
    private const ulong Gain = 1UL << 40;

    private readonly RoundSchedule _schedule;
    private readonly Kappa _kappa;
    private readonly StepsCurve _curve;
    private readonly double[] _sizes;
    private readonly double[][] _blockDraws;
    private readonly double[][] _noise;
    private readonly bool[] _settles;

    /// <param name="sizes">Share of all machines per miner; they sum to 1.</param>
    /// <param name="kappa">The parameter under study.</param>
    /// <param name="curve">What steps are worth.</param>
    /// <param name="rounds">Rounds to count.</param>
    /// <param name="seed">Number of the game.</param>
    public SplitGame(IReadOnlyList<double> sizes, Kappa kappa, StepsCurve curve, int rounds, int seed)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(curve);
        (_kappa, _curve, _sizes) = (kappa, curve, [.. sizes]);
        _schedule = new ChainSettings().Rounds;
        var draws = new RunDraws(RunSeed.Of(seed, "split"));
        int all = rounds + WarmUp;
        _blockDraws = [.. Enumerable.Range(0, all).Select(_ => Many(_schedule.Length, draws.Uniform))];
        _noise = [.. Enumerable.Range(0, all).Select(_ => Many((uint)_sizes.Length, () => Math.Exp(CreditNoise * draws.Normal())))];
        _settles = [.. Enumerable.Range(0, all).Select(_ => draws.Uniform() < SettledShare)];
    }

    public int Miners => _sizes.Length;

    /// <summary>Training's share of all machines.</summary>
    public double TrainingShare(IReadOnlyList<double> splits) => _sizes.Select((size, i) => size * splits[i]).Sum();

    /// <summary>Plays the game.</summary>
    /// <param name="splits">Share of each miner's machine that trains.</param>
    public SplitPay Play(IReadOnlyList<double> splits)
    {
        ArgumentNullException.ThrowIfNull(splits);
        PassLedger[] ledgers = [.. _sizes.Select(_ => new PassLedger(_schedule, _kappa.Rewards))];
        double[] bounds = HashBounds(splits);
        var released = new double[Miners];
        var blocks = new int[Miners];
        for (int round = 0; round < _settles.Length; round++)
        {
            Array.Clear(blocks);
            foreach (double draw in _blockDraws[round])
            {
                blocks[Winner(bounds, draw)]++;
            }

            ulong[] credits = Credits(splits, blocks, round);
            ulong gain = credits.Aggregate(0UL, (sum, credit) => sum + credit);
            for (int i = 0; i < Miners; i++)
            {
                int minted = ledgers[i].EndRound(blocks[i], credits[i], gain);
                released[i] += round < WarmUp ? 0 : minted;
            }
        }

        int counted = _settles.Length - WarmUp;
        return new SplitPay([.. released.Select(sum => sum / counted)], released.Sum() / counted / _schedule.Length);
    }

    private double[] HashBounds(IReadOnlyList<double> splits)
    {
        var bounds = new double[Miners];
        double sum = 0;
        for (int i = 0; i < Miners; i++)
        {
            bounds[i] = sum += _sizes[i] * (1 - splits[i]);
        }

        return [.. bounds.Select(bound => bound / sum)];
    }

    private static int Winner(double[] bounds, double draw)
    {
        int winner = 0;
        while (winner < bounds.Length - 1 && draw >= bounds[winner])
        {
            winner++;
        }

        return winner;
    }

    private ulong[] Credits(IReadOnlyList<double> splits, int[] blocks, int round)
    {
        if (!_settles[round])
        {
            return new ulong[Miners];
        }

        var worth = new double[Miners];
        for (int i = 0; i < Miners; i++)
        {
            worth[i] = Worth(_sizes[i] * splits[i], blocks[i]) * _noise[round][i];
        }

        double all = worth.Sum();
        return all == 0 ? new ulong[Miners] : [.. worth.Select(each => (ulong)(each / all * Gain))];
    }

    /// <summary>
    /// What training is worth in a round. Where units matter a miner has one for each of his blocks; the usual steps are those that half of
    /// all machines put into a round's units.
    /// </summary>
    private double Worth(double training, int units)
    {
        if (!_curve.UnitsMatter)
        {
            return _curve.Credit(training);
        }

        const double Usual = 0.5;
        return units == 0 ? 0 : units * _curve.Credit(training / Usual * _schedule.Length / units);
    }

    private static double[] Many(uint count, Func<double> draw)
    {
        var values = new double[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = draw();
        }

        return values;
    }
}
