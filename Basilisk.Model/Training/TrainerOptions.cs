using System.Globalization;

namespace Basilisk.Model.Training;

/// <summary>How a trainer learns. Defaults suit models of about a million weights and batches of 2,048 to 4,096 tokens.</summary>
public sealed record TrainerOptions
{
    /// <summary>Learning rate after warm-up.</summary>
    public double PeakLearningRate { get; init; } = 3e-3;

    /// <summary>Steps over which the learning rate rises from zero.</summary>
    public int WarmupSteps { get; init; } = 50;

    /// <summary>Step at which the cosine has fallen to its floor; the floor holds from there on.</summary>
    public int DecaySteps { get; init; } = 20_000;

    /// <summary>The floor as a share of the peak.</summary>
    public double FinalShare { get; init; } = 0.1;

    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a matrix's weights taken away per step and unit of learning rate; never of norms' gains.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Whether the embedding decays like other matrices.</summary>
    public bool DecayEmbedding { get; init; }

    /// <summary>Longest gradient, as a global norm; longer ones are scaled down to it.</summary>
    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Tokens that a thread passes through the model at once: enough rows for good matrix products, few enough to stay in cache.</summary>
    public int ShardTokens { get; init; } = 256;
}

/// <summary>Checks <see cref="TrainerOptions"/>.</summary>
public static class TrainerOptionsValidator
{
    /// <summary>One sentence for each wrong value, with its key, the value and the bound; empty when all are right.</summary>
    public static IReadOnlyList<string> Problems(TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        Require(problems, options.PeakLearningRate is > 0 and <= 1, nameof(options.PeakLearningRate), options.PeakLearningRate, "above 0 and at most 1");
        Require(problems, options.WarmupSteps >= 0, nameof(options.WarmupSteps), options.WarmupSteps, "at least 0");
        Require(problems, options.DecaySteps > options.WarmupSteps, nameof(options.DecaySteps), options.DecaySteps, $"more than WarmupSteps ({options.WarmupSteps})");
        Require(problems, options.FinalShare is >= 0 and <= 1, nameof(options.FinalShare), options.FinalShare, "from 0 to 1");
        Require(problems, options.Beta1 is >= 0 and < 1, nameof(options.Beta1), options.Beta1, "from 0 to below 1");
        Require(problems, options.Beta2 is >= 0 and < 1, nameof(options.Beta2), options.Beta2, "from 0 to below 1");
        Require(problems, options.Epsilon > 0, nameof(options.Epsilon), options.Epsilon, "above 0");
        Require(problems, options.WeightDecay is >= 0 and < 1, nameof(options.WeightDecay), options.WeightDecay, "from 0 to below 1");
        Require(problems, options.ClipNorm > 0, nameof(options.ClipNorm), options.ClipNorm, "above 0");
        Require(problems, options.ShardTokens is >= 1 and <= 65_536, nameof(options.ShardTokens), options.ShardTokens, "from 1 to 65,536");
        return problems;
    }

    private static void Require(List<string> problems, bool holds, string key, double value, string bound)
    {
        if (!holds)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; it must be {bound}."));
        }
    }
}
